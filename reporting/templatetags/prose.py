"""Shows a member's text: `{{ said.narrative|prose }}`."""

from django import template
from django.utils.safestring import SafeString

from reporting.rendering import as_html

register = template.Library()


@register.filter
def prose(text: str | None) -> SafeString:
    """A member's Markdown as clean HTML."""
    return as_html(text)
