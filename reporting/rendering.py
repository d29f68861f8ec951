"""Markdown of the members as HTML that is safe to show."""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a"}


def as_html(text: str | None) -> SafeString:
    """The text as HTML of a few harmless tags.

    Links are kept only when they are absolute and https; headings, pictures, tables and raw HTML
    leave their words and nothing else.
    """
    html = markdown.markdown(text or "", extensions=["sane_lists", "nl2br"], output_format="html")
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
