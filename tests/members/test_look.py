"""Someone changes the look: its sheets stay readable, turn with the page, and name their inputs."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from members.models import User
from tests.cast import sign_in

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
    r"|(?:min|max)-(?:width|height)|float|text-align:\s*(?:left|right))\s*:?",
    re.MULTILINE,
)


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_a_sheet_is_short_and_says_what_it_holds(sheet: Path) -> None:
    text = sheet.read_text()
    assert text.startswith("/* ")
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_a_sheet_turns_with_the_direction_of_the_page(sheet: Path) -> None:
    assert not PHYSICAL.findall(sheet.read_text())


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_colours_are_named_once(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    if sheet.name != "tokens.css":
        assert not re.search(r"#[0-9a-f]{3,8}\b", text)


def test_every_sheet_is_linked_in_the_order_of_its_layers() -> None:
    linked = re.findall(
        r"css/([a-z]+\.css)", (ROOT / "templates/components/_styles.html").read_text()
    )
    assert linked[0] == "tokens.css"
    assert linked[-1] == "print.css"
    assert sorted([*linked, "admin.css"]) == [sheet.name for sheet in SHEETS]


@pytest.mark.django_db
def test_the_admin_wears_our_colours_and_leads_back_to_the_desk(
    client: Client, editor: User
) -> None:
    html = sign_in(client, editor).get("/admin/").content.decode()
    head, linked = html.partition("</head>")[0], re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    assert linked.index("css/admin.css") > linked.index("admin/css/base.css"), "ours comes after"
    assert 'rel="icon"' in head, "without it a browser asks for one that is not there"
    assert not [path for path in linked if not finders.find(path)]
    assert 'href="/secretariat/"' in html and "theme.js" not in html


@pytest.mark.parametrize("component", COMPONENTS, ids=name)
def test_a_component_says_its_inputs_in_its_first_line(component: Path) -> None:
    assert component.read_text().startswith("{# inputs:")


@pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates"))
)
def test_no_template_holds_style_or_script(template: Path) -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", template.read_text())


@pytest.mark.django_db
def test_the_gallery_shows_each_scheme_and_direction(client: Client) -> None:
    html = client.get("/design/").content.decode()
    for scheme in ("light", "dark"):
        for direction in ("ltr", "rtl"):
            assert f'data-scheme="{scheme}" dir="{direction}"' in html
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.django_db
def test_an_error_stands_beside_its_field_and_is_named_by_it(client: Client) -> None:
    html = client.get("/design/").content.decode()
    field = re.search(r'<input type="url"[^>]*id="id_g1-link"[^>]*>', html)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="id_g1-link_error"' in field[0]
    assert 'id="id_g1-link_error"' in html


@pytest.mark.django_db
def test_a_visitor_is_shown_the_way_in_and_no_desk(client: Client) -> None:
    html = client.get("/design/").content.decode()
    assert "/sign-in/" in html
    assert "/secretariat/" not in html
