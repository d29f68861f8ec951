import json

from django.db import migrations, models


def write_lines(apps, schema_editor):
    """Writes the line of every answer that was published before lines were kept."""
    from reporting.tables.lines import progress_line

    answers = apps.get_model("reporting", "PublishedAnswer").objects
    for pk, row in answers.values_list("pk", "row").iterator():
        answers.filter(pk=pk).update(line=progress_line(json.loads(row)))


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0004_errata"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedanswer",
            name="line",
            field=models.TextField(default="", help_text="The row as a line of CSV, for exports; made of `row`."),
            preserve_default=False,
        ),
        migrations.RunPython(write_lines, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="publishedanswer",
            index=models.Index(condition=models.Q(("synthetic", True)), fields=["cycle", "member"], name="published_answer_synthetic"),
        ),
        migrations.AddConstraint(
            model_name="publishedanswer",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("line", ""), _negated=True), models.Q(("line__contains", "\x01"), _negated=True)), name="published_answer_has_its_line"),
        ),
    ]
