"""A member's Markdown becomes harmless HTML, whatever was typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting import rendering
from reporting.rendering import TAGS, as_html

PLAIN_SIGNS = "aZé1 []\n.,;:()/'’“”–—%?!-*"


def test_emphasis_lists_and_https_links_are_shown() -> None:
    html = as_html("The **law** is [in force](https://www.example.org/law).\n\n- one\n- two")
    assert "<strong>law</strong>" in html
    assert 'href="https://www.example.org/law" rel="nofollow noopener noreferrer"' in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    "link",
    [
        *("//evil.org", "/sign-out/", "sign-out/", "#main", "?a=1", "http://example.org"),
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "mailto:a@b.org"),
        *("vbscript:x", "https:example.org/..//", "\\\\evil.org", "https&#58;//x.org/"),
    ],
)
def test_links_lead_to_https_addresses_or_nowhere(link: str) -> None:
    for text in (f"[here]({link})", f"<{link}>", f'<a href="{link}">here</a>'):
        targets = re.findall(r'<a\b[^>]*href="([^"]*)"', as_html(text))
        assert all(target.startswith("https:") for target in targets)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a picture](https://example.org/p.png)",
        '<a href="https://a.org" onclick="x()" style="color:red">a</a>',
        "<iframe src='https://a.org'></iframe>",
        "<svg><script>x</script></svg>",
        "<form action='https://a.org'><input name=a></form>",
        "<p style='position:fixed'>x</p>",
        "# A heading as large as the page's",
    ],
)
def test_nothing_runs_loads_or_dresses_up_as_the_page(text: str) -> None:
    html = as_html(text).lower()
    for tag in ("<script", "<img", "<iframe", "<svg", "<form", "<input", "<h1", "<a "):
        assert tag not in html


def test_raw_html_is_shown_as_the_text_it_is() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in as_html("<script>alert(1)</script>")
    assert "1 &lt; 2" in as_html("1 < 2")


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="<>\"'/=ahref script:[]()*_#!`&;\n\\-", max_size=60))
def test_no_typed_text_yields_another_tag(text: str) -> None:
    html = as_html(text)
    assert set(re.findall(r"<\s*/?\s*([^\s>/]*)", html)) <= TAGS


def test_plain_words_read_the_same_whether_they_are_parsed_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the quick way lets through is what the parser would have made of it."""
    quick, tried = rendering.PARAGRAPHS, []

    @settings(max_examples=300, deadline=None)
    @given(st.from_regex(quick, fullmatch=True, alphabet=PLAIN_SIGNS) | st.text(PLAIN_SIGNS))
    def compare(text: str) -> None:
        if quick.fullmatch(text):
            tried.append(text)
            assert as_html(text) == rendering.as_paragraphs(text)

    monkeypatch.setattr(rendering, "PARAGRAPHS", re.compile(r"(?!)"))
    compare()
    assert len(tried) > 100


def test_no_text_keeps_the_reader_waiting() -> None:
    for long in ("word " * 20_000 + "*", "a" * 90_000 + "*", "a b\n\n" * 9_000 + "*"):
        assert rendering.PARAGRAPHS.fullmatch(long) is None


def test_an_empty_text_is_nothing() -> None:
    assert as_html(None) == as_html("") == ""
