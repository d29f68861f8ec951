"""axe looks at a page in a browser. It finds faults alone: without ALL it would also describe every
element that is right, which is most of its time."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALL = {"resultTypes": ["violations"]}
COLOURS = ALL | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def finds_nothing(page: Page, options: dict[str, Any] = ALL) -> None:
    """Fails with axe's own words about each fault."""
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
