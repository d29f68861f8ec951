"""Takes the ten pictures of the documentation: phone and desk, light and dark, English and Arabic.

Run by `make screenshots`; needs Debian's chromium. No picture shows a status beside a named
government: those with statuses are of a database with the invented members AAA, BBB and CCC.
"""

import io
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from tests.site import started  # noqa: E402 the project's folder must be on the path first

DESK, PHONE = (1440, 1200), (360, 780)
COLOURS, PATIENCE = 256, 600


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it."""

    name: str
    path: str
    screen: tuple[int, int] = DESK
    scheme: str = "light"
    language: str = "en"


OF_THE_REGISTER = [
    Picture("home", "/"),
    Picture("home-dark", "/", scheme="dark"),
    Picture("home-phone", "/", PHONE),
    Picture("home-arabic", "/", language="ar"),
    Picture("statement-phone-arabic", "/statements/2014-GOV/", PHONE, "dark", "ar"),
]
OF_INVENTED_MEMBERS = [
    Picture("commitment", "/commitments/2012-T1/"),
    Picture("member", "/members/AAA/"),
    Picture("matrix-dark", "/matrix/", scheme="dark"),
    Picture("compare-phone", "/compare/?first=AAA&second=BBB&third=CCC&cycle=2024", PHONE),
    Picture("round-arabic", "/cycles/2024/", language="ar"),
]


def take(address: str, pictures: list[Picture], browser: Browser) -> list[str]:
    """Writes each picture beside this file; the names of those whose language is not there."""
    missing = []
    for one in pictures:
        width, height = one.screen
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=one.scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "django_language", "value": one.language, "url": address}])
        page = context.new_page()
        page.goto(address + one.path)
        if page.locator("html").get_attribute("lang") == one.language:
            _keep(page.screenshot(full_page=False), HERE / f"{one.name}.png")
        else:
            missing.append(f"{one.name} ({one.language})")
        context.close()
    return missing


def _keep(png: bytes, file: Path) -> None:
    """A page has few colours: with a palette its picture is a third as large."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(file, optimize=True)


def invent(state: Path) -> None:
    """Makes the register of the running site one of three invented members."""
    import django

    from alliance.standalone import postgres

    os.environ |= {"DATABASE_URL": postgres.address(state), "STATE_DIR": str(state), "DEMO": "0"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "alliance.settings", "FIRST_CYCLE": "2022"}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's loop runs in this thread
    django.setup()
    import invented

    invented.invent()
    invented.build()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="alliance-pictures-") as folder:
        state = Path(folder)
        with (
            started(state, patience=PATIENCE, FIRST_CYCLE="2022") as site,
            sync_playwright() as play,
        ):
            chromium = play.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            address = f"http://localhost:{site.port}"
            missing = take(address, OF_THE_REGISTER, chromium)
            invent(state)
            missing += take(address, OF_INVENTED_MEMBERS, chromium)
            chromium.close()
    if missing:
        sys.exit(f"Not taken, for the site does not speak that language: {', '.join(missing)}.")


if __name__ == "__main__":
    main()
