"""Someone adds a translation: it is compiled without msgfmt."""

import gettext
from pathlib import Path

from django.core.management import call_command
from pytest_django.fixtures import Settings

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "There is no such page"
msgstr "Cette page n'existe pas"
"""


def test_a_changed_catalogue_is_compiled(tmp_path: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE, encoding="utf-8")
    call_command("compile_catalogues")
    compiled = gettext.translation("django", tmp_path, ["fr"])
    assert compiled.gettext("There is no such page") == "Cette page n'existe pas"
    before = (folder / "django.mo").stat().st_mtime_ns
    call_command("compile_catalogues")
    assert (folder / "django.mo").stat().st_mtime_ns == before
