from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting import workflow


class Command(BaseCommand):
    help = (
        "Writes docs/workflow.md from the table of moves; --check only tells whether it is fresh."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        page, text = settings.BASE_DIR / "docs" / "workflow.md", workflow.as_markdown()
        if not options["check"]:
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            raise CommandError("docs/workflow.md is stale: run manage.py draw_workflow")
