"""Shows a member's text, `{{ said.narrative|prose }}`, and who may read it."""

from django import template
from django.utils.safestring import SafeString

from reporting.models import Answer
from reporting.rendering import as_html

register = template.Library()


@register.filter
def prose(text: str | None) -> SafeString:
    """A member's Markdown as clean HTML."""
    return as_html(text)


@register.filter
def readers(visibility: str) -> str:
    """Who may read an answer's words."""
    return str(Answer.Visibility(visibility).label)
