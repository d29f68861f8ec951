"""Rows that were published before rows had `missing` get it: what they say stays the same."""

import json
from typing import Any

from django.db import migrations

TEXTS = ("narrative", "next_steps", "obstacles", "evidence")
AT_ONCE = 1000


def add_reasons(apps: Any, schema_editor: Any) -> None:
    """Writes the reasons into every row; the triggers that keep the rows are off meanwhile."""
    answers = apps.get_model("reporting", "PublishedAnswer").objects
    table = schema_editor.quote_name(answers.model._meta.db_table)
    schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    last = 0
    while found := list(answers.filter(pk__gt=last).order_by("pk").only("row")[:AT_ONCE]):
        for answer in found:
            answer.row = with_reasons(answer.row)
        answers.bulk_update(found, ["row"])
        last = found[-1].pk
    schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def with_reasons(text: str) -> str:
    row = json.loads(text)
    why = "withheld" if row["withheld"] else "not_reported"
    row["missing"] = {name: why for name in TEXTS if not row[name]}
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Migration(migrations.Migration):
    dependencies = [("reporting", "0006_plans_of_reminders")]

    operations = [migrations.RunPython(add_reasons, migrations.RunPython.noop)]
