"""The figures of summaries one a row: a view over the built rows, which it takes apart."""

from django.db import migrations, models

import members.text

# A round is told once: a summary of a round also holds the one before it, which has its own.
# `row` is written here as it is served, so that files are copied out of the database.
CREATE = """
CREATE VIEW reporting_figure AS
SELECT summary.id || ':' || a_round.cycle || ':' || a_kind.kind || ':' || a_figure.figure AS id,
       summary.scope, parts.scope_kind, a_round.cycle, a_kind.kind, a_figure.figure,
       summary.shown_from, summary.shown_until, summary.synthetic,
       row_to_json(served)::text AS row
FROM reporting_summary AS summary
CROSS JOIN LATERAL (
    -- OFFSET 0: read once for a summary, not for each figure of it.
    SELECT summary.row::jsonb AS told, split_part(summary.scope, '-', 1) AS scope_kind OFFSET 0
) AS parts
CROSS JOIN LATERAL jsonb_each(parts.told -> 'rounds') AS a_round (cycle, kinds)
CROSS JOIN LATERAL jsonb_each(a_round.kinds) AS a_kind (kind, figures)
CROSS JOIN LATERAL jsonb_each(a_kind.figures) AS a_figure (figure, said)
CROSS JOIN LATERAL (
    SELECT (a_figure.said ->> 'numerator')::integer AS numerator,
           (a_figure.said ->> 'denominator')::integer AS denominator,
           a_figure.said ->> 'reason' AS reason
) AS counted
CROSS JOIN LATERAL (
    SELECT summary.scope,
           parts.scope_kind,
           substr(summary.scope, length(parts.scope_kind) + 2) AS scope_code,
           a_round.cycle,
           a_kind.kind,
           a_figure.figure,
           a_figure.figure LIKE '%\\_by\\_endorsement' AS by_endorsement,
           counted.numerator,
           counted.denominator,
           CASE
               WHEN a_figure.figure IN ('expected', 'treaty_status') THEN 'members'
               WHEN a_figure.figure = 'nothing_to_report' THEN 'published'
               WHEN a_figure.figure ~ '^(answers_withheld|support_requested)' THEN 'answers'
               WHEN a_figure.figure ~ '^(answers|unanswered)' THEN 'obligations'
               WHEN a_figure.figure ~ '^(moved_on|unchanged|moved_back)' THEN 'compared'
               ELSE 'expected'
           END AS out_of,
           round(counted.numerator::numeric / nullif(counted.denominator, 0), 6)::float8 AS share,
           parts.told ->> 'built_at' AS built_at,
           summary.synthetic,
           (SELECT json_strip_nulls(row_to_json(why)) FROM (
               SELECT CASE WHEN counted.numerator IS NULL THEN counted.reason END AS numerator,
                      CASE WHEN counted.denominator IS NULL THEN counted.reason END AS denominator,
                      CASE WHEN counted.numerator IS NULL THEN counted.reason END AS share
           ) AS why) AS missing
) AS served
WHERE parts.scope_kind <> 'cycle' OR summary.scope = 'cycle-' || a_round.cycle;
"""

DROP = "DROP VIEW reporting_figure;"

DATASETS = [
    ("statements", "Statements"),
    ("commitments", "Commitments"),
    ("members", "Members"),
    ("signatures", "Signatures"),
    ("obligations", "Obligations"),
    ("cycles", "Rounds"),
    ("reports", "Reports"),
    ("progress", "Progress"),
    ("indicators", "Indicators"),
    ("observations", "Observations"),
    ("verdicts", "Verdicts"),
    ("summaries", "Summaries"),
    ("figures", "Figures"),
    ("errata", "Errata"),
]


class Migration(migrations.Migration):
    dependencies = [("reporting", "0030_guidance_comes_with_the_register")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("shown_from", models.DateField()),
                ("shown_until", models.DateField(blank=True, null=True)),
                ("synthetic", models.BooleanField(default=False)),
                ("row", models.TextField(help_text="The API's row, canonical JSON.")),
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("scope", members.text.LineField(max_length=60)),
                ("scope_kind", members.text.LineField(max_length=20)),
                ("cycle", members.text.LineField(max_length=4)),
                ("kind", members.text.LineField(max_length=20)),
                ("figure", members.text.LineField(max_length=60)),
            ],
            options={"db_table": "reporting_figure", "managed": False},
        ),
        migrations.AlterField(
            model_name="erratum",
            name="dataset",
            field=members.text.LineField(blank=True, choices=DATASETS, max_length=20),
        ),
    ]
