"""Markdown of the members as HTML that is safe to show."""

import re
import threading
from typing import TYPE_CHECKING

import nh3
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown import Markdown

# Paragraphs of words and plain signs, each on one line, perhaps with a word in brackets before, as
# synthetic ones have: nothing in them means anything to Markdown.
_PARAGRAPH = r"(?:\[[^\W\d_]+\] )?[^\W\d_](?: ?(?:[^\W_]|[.,;:()/'’“”–—%?!-]))*"
PARAGRAPHS = re.compile(rf"{_PARAGRAPH}(?:\n\n{_PARAGRAPH})*")
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a"}


# A reader takes a while to make and keeps state while it reads, so each thread has its own.
_own = threading.local()


def _reader() -> "Markdown":
    """Markdown without raw HTML: tags that a member types are shown as the text they are."""
    if not hasattr(_own, "reader"):
        from markdown import Markdown  # takes a while, and only pages with such text need it

        reader = Markdown(extensions=["sane_lists", "nl2br"], output_format="html")
        reader.preprocessors.deregister("html_block")
        reader.inlinePatterns.deregister("html")
        _own.reader = reader
    return _own.reader.reset()


def as_paragraphs(text: str) -> SafeString:
    """Words that mean nothing to Markdown nor to HTML, as `PARAGRAPHS` knows them."""
    return mark_safe("\n".join(f"<p>{words}</p>" for words in text.split("\n\n")))  # noqa: S308


def as_html(text: str | None) -> SafeString:
    """The text as HTML of a few harmless tags.

    Links are kept only when they are absolute and https; headings, pictures and tables leave
    their words and nothing else. Most texts are plain, and are not parsed at all.
    """
    if text and PARAGRAPHS.fullmatch(text):
        return as_paragraphs(text)
    html = _reader().convert(text or "")
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        url_schemes={"https"},
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(cleaned)  # noqa: S308  cleaned by nh3
