"""A translator keeps the catalogues: what is missing or does not fit is named, line by line."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
LEFT = "%(n)s day left"
DAYS = (LEFT, "%(n)s days left")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    place = importlib.util.spec_from_file_location("messages", ROOT / ".ci" / "messages.py")
    made = importlib.util.module_from_spec(place)
    place.loader.exec_module(made)
    return made


@pytest.fixture
def found() -> Catalog:
    made = Catalog(charset="utf-8")
    made.add("Read <b>all</b>", locations=[("templates/b.html", None)])
    made.add("Saved.", locations=[("templates/b.html", None), ("members/a.py", None)])
    made.add(DAYS, locations=[("members/a.py", None)])
    return made


def french(**said: object) -> Catalog:
    made = Catalog(locale="fr")
    made.add("Saved.", said.get("saved", "Enregistré."), flags=said.get("flags", ()))
    made.add("Read <b>all</b>", said.get("read", "Lire <b>tout</b>"))
    made.add(DAYS, said.get("days", ("Reste un jour", "Restent %(n)s jours")))
    return made


def test_a_catalogue_with_all_is_complete(tool: ModuleType, found: Catalog) -> None:
    assert list(tool.faults(found, french())) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"saved": ""}, "members/a.py: fr: missing: 'Saved.'"),
        ({"flags": ["fuzzy"]}, "members/a.py: fr: fuzzy: 'Saved.'"),
        ({"saved": "Enregistré.\n"}, "members/a.py: fr: begins or ends"),
        ({"read": "Lire <b>tout"}, "templates/b.html: fr: holds ['<b>'] instead of"),
        ({"days": ("Reste un jour", "")}, f"members/a.py: fr: missing: '{LEFT}'"),
        ({"days": ("Reste un jour", "Des jours")}, "members/a.py: fr: holds [] instead of"),
        ({"days": ("%(m)s jour", "%(n)s jours")}, "members/a.py: fr: holds ['%(m)s']"),
    ],
)
def test_what_does_not_fit_is_named(
    tool: ModuleType, found: Catalog, said: dict[str, object], fault: str
) -> None:
    told = list(tool.faults(found, french(**said)))
    assert len(told) == 1
    assert told[0].startswith(fault)


def test_known_translations_stay_and_nothing_is_guessed(
    tool: ModuleType, found: Catalog, tmp_path: Path
) -> None:
    found.add("Saved now.", locations=[("members/a.py", None)])
    path = tmp_path / "django.po"
    path.write_bytes(tool.written(tool.renewed(found, french())))
    again = tool.read(path, "fr")
    assert tool.written(tool.renewed(found, again)) == path.read_bytes()
    assert again.get("Saved.").string == "Enregistré."
    assert again.get("Saved now.").string == ""
    assert str(ROOT) not in path.read_text()
    assert list(tool.faults(found, again)) == ["members/a.py: fr: missing: 'Saved now.'"]


def test_sentences_of_programs_and_templates_are_found(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "members").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "members" / "a.py").write_text(
        "from x import gettext as _, ngettext\n"
        '_("Of two " "parts") + ngettext("one", "many", n)\n'
        'f(_("In a call"), pgettext("month", "May"))'
    )
    (tmp_path / "templates" / "b.html").write_text(
        '<p>\n  {% load i18n %}{% translate "A title" as title %}\n{% f with x=_("A word") %}'
        "{% blocktranslate trimmed count n=n %}\n {{ n }} day\n{% plural %}{{ n }} days"
        "{% endblocktranslate %}"
    )
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    told = {(one.context, one.id) for one in tool.extracted() if one.id}
    assert told == {
        (None, "Of two parts"),
        (None, ("one", "many")),
        (None, "In a call"),
        ("month", "May"),
        (None, "A title"),
        (None, "A word"),
        (None, ("%(n)s day", "%(n)s days")),
    }
