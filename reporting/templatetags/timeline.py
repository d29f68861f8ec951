"""The drawing of the front page: statements and rounds to scale, one small square a member."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template

from members.templatetags.look import percent

register = template.Library()

GROUND = 286  # px from the top: the line on which the stacks stand
BEGIN = dt.date(2011, 2, 1)
STEP, ACROSS = 9, 3


@register.inclusion_tag("reporting/_timeline.html")
def timeline(
    stacks: Sequence[dict[str, Any]], rounds: Sequence[dict[str, Any]], today: dt.date, label: str
) -> dict[str, Any]:
    """Statements as stacks of members above and below a line, and the due days of rounds.

    A stack has `on`, `year`, `filled` and `hollow` (above the line), `under` (below it),
    `words` (lines beside it) and `under_words`; a round has `on` and `name`.
    """
    end = max([today, *(r["on"] for r in rounds)]) + dt.timedelta(days=220)
    span = (end - BEGIN).days

    def place(day: dt.date) -> str:
        return percent((day - BEGIN).days / span * 100)

    drawn = []
    for stack in stacks:
        leftwards = stack["on"].year < 2015
        drawn.append(
            stack
            | {"x": place(stack["on"]), "squares": _squares(stack), "words": _lines(stack["words"])}
            | {"side": "-20" if leftwards else "20", "end": leftwards}
        )
    return {
        "stacks": drawn,
        "rounds": [r | {"x": place(r["on"]), "past": r["on"] < today} for r in rounds],
        "today": place(today),
        "label": label,
        "ground": str(GROUND),
    }


def _lines(words: Sequence[str]) -> list[dict[str, str]]:
    """The lines beside a stack from the top down, each with its height above the ground."""
    top = -70
    return [{"y": str(top + n * 19), "words": line} for n, line in enumerate(words)]


def _squares(stack: dict[str, Any]) -> list[dict[str, str]]:
    above, below = stack["filled"] + stack["hollow"], stack["under"]
    squares = [_square(n, n >= stack["filled"], -13 - n // ACROSS * STEP) for n in range(above)]
    return squares + [_square(n, False, 7 + n // ACROSS * STEP) for n in range(below)]


def _square(n: int, hollow: bool, y: int) -> dict[str, str]:
    x = -13 + n % ACROSS * STEP
    inset = 0.75 if hollow else 0
    return {
        "kind": "unit-2" if hollow else "unit",
        "x": f"{x + inset:g}",
        "y": f"{y + inset:g}",
        "side": "5.5" if hollow else "7",
    }
