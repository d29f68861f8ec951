"""What a template asks of a row of yearly figures."""

from typing import Any

from django import template

from ..observations import verdict
from ..verdicts import Verdict

register = template.Library()


@register.filter
def own_verdict(row: dict[str, Any], rows: list[dict[str, Any]]) -> Verdict:
    """The member's own verdict on the year of this row, among all its rows."""
    return verdict(rows, row["year"])
