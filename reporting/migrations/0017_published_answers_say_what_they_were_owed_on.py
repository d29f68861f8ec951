"""Rows that were published before rows had a `basis` get it; nothing else of them changes."""

import json
from typing import Any

from django.db import migrations

AT_ONCE = 1000
# What a member owed on the day the round opened, by the strongest basis.
OWED = """
SELECT DISTINCT ON (c.code, m.code, k.reference)
       c.code, m.code, k.reference, o.basis
FROM commitments_obligation o
JOIN members_member m ON m.id = o.member_id
JOIN commitments_commitment k ON k.id = o.commitment_id
JOIN reporting_cycle c ON o.since <= c.opens_on AND (o.until IS NULL OR o.until > c.opens_on)
ORDER BY c.code, m.code, k.reference, o.strength
"""
# Ten times as quick as bulk_update, which writes a long CASE: there may be a million rows.
UPDATE = """
UPDATE {} a SET row = new.row, line = new.line
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new(id, row, line) WHERE a.id = new.id
"""


def add_bases(apps: Any, schema_editor: Any) -> None:
    """Writes rows and lines anew; the triggers that keep the rows are off meanwhile."""
    answers = apps.get_model("reporting", "PublishedAnswer").objects
    if not answers.exists():
        return
    bases = _bases(schema_editor)
    table = schema_editor.quote_name(answers.model._meta.db_table)
    schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    last = 0
    while found := list(answers.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        rows = [with_basis(answer.row, _basis(answer, bases)) for answer in found]
        lines = [_line(row) for row in rows]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(UPDATE.format(table), [[one.pk for one in found], rows, lines])
        last = found[-1].pk
    schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _basis(answer: Any, bases: dict[tuple[str, str, str], str]) -> str | None:
    return bases.get((answer.cycle, answer.member, answer.commitment)) if answer.owed else None


def _bases(schema_editor: Any) -> dict[tuple[str, str, str], str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OWED)
        return {(cycle, member, clause): basis for cycle, member, clause, basis in cursor}


def _line(row: str) -> str:
    from reporting.tables.lines import progress_line

    return progress_line(json.loads(row))


def with_basis(text: str, basis: str | None) -> str:
    row = json.loads(text) | {"basis": basis}
    if basis is None:
        row["missing"]["basis"] = "not_expected"
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0016_comments_on_reports"),
        ("commitments", "0002_obligation_view"),
    ]

    operations = [migrations.RunPython(add_bases, migrations.RunPython.noop)]
