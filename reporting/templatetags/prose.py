"""Shows a member's text, `{{ said.narrative|prose }}`, and who may read it."""

from django import template
from django.utils.safestring import SafeString

from reporting.definition import FIELDS
from reporting.models import Answer
from reporting.rendering import as_html

register = template.Library()


@register.filter
def prose(text: str | None) -> SafeString:
    """A member's Markdown as clean HTML."""
    return as_html(text)


@register.filter
def readers_in_words(visibility: str) -> str:
    """Who will read an answer's words, and where."""
    found = {choice.value: choice for choice in FIELDS["visibility"].choices}[visibility]
    return f"{found.label}. {found.hint}"


@register.filter
def readers(visibility: str) -> str:
    """Who may read an answer's words."""
    return str(Answer.Visibility(visibility).label)
