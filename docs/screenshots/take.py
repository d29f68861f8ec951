"""Takes the pictures of the documentation from a site with the register alone.

Run by `make screenshots`; needs Debian's chromium. No picture shows a status beside a named
member: the site is started without the demonstration, so there is none.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.site import started  # noqa: E402 the project's folder must be on the path first

DESK, PHONE = 1440, 360
PICTURES = [
    ("home", "/", DESK, "light"),
    ("home-dark", "/", DESK, "dark"),
    ("home-phone", "/", PHONE, "light"),
    ("commitment", "/commitments/2014-GOV-C3b/", DESK, "light"),
    ("member", "/members/ALB/", DESK, "light"),
]


def take(address: str) -> None:
    """Writes each picture beside this file."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path, width, scheme in PICTURES:
            page = chromium.new_page(
                viewport={"width": width, "height": 1500 if width == DESK else 800},
                color_scheme=scheme,
            )
            page.goto(address + path)
            page.screenshot(path=HERE / f"{name}.png", full_page=False)
            page.close()
        chromium.close()


if __name__ == "__main__":
    state = Path(tempfile.mkdtemp(prefix="alliance-pictures-"))
    try:
        with started(state) as site:
            take(f"http://localhost:{site.port}")
    finally:
        shutil.rmtree(state, ignore_errors=True)
