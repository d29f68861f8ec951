"""Words of published answers as `commitments.search` compares them, and an index over them."""

import json
from typing import Any

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from commitments.search import searchable

AT_ONCE = 1000


def write_words(apps: Any, schema_editor: Any) -> None:
    """Writes the words of all rows anew, out of what they show; their triggers are off meanwhile."""
    answers = apps.get_model("reporting", "PublishedAnswer").objects
    table = schema_editor.quote_name(answers.model._meta.db_table)
    schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    last = 0
    while found := list(answers.filter(pk__gt=last).order_by("pk").only("row")[:AT_ONCE]):
        for answer in found:
            answer.words = words_of(json.loads(answer.row))
        answers.bulk_update(found, ["words"])
        last = found[-1].pk
    schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def words_of(row: dict[str, Any]) -> str:
    texts = [row[name] or "" for name in ("narrative", "next_steps", "obstacles")]
    return searchable(*texts, *(link["title"] for link in row["evidence"]))


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0003_text_search_configuration"),
        ("reporting", "0010_keep_counts_and_builds"),
    ]

    operations = [
        migrations.RunPython(write_words, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="publishedanswer",
            name="words",
            field=models.TextField(
                blank=True, help_text="Published text as searches compare it."
            ),
        ),
        migrations.AddIndex(
            model_name="publishedanswer",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("words", config="register"),
                name="published_answer_words",
            ),
        ),
        migrations.AddIndex(
            model_name="publishedanswer",
            index=models.Index(
                fields=["shown_from", "cycle", "member", "commitment"],
                condition=models.Q(shown_until__isnull=True),
                name="published_answer_by_day",
            ),
        ),
    ]
