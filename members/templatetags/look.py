"""Template tags of the look: words for statuses, block components, and the geometry of charts.

Every tag only arranges what a view hands over; none of them asks the database anything.
Places in charts are strings in per cent, because numbers would be printed as the language does.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .. import languages
from ..models import Member

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

register = template.Library()

STATUS_WORDS = {
    "implemented": _("Implemented"),
    "in_progress": pgettext_lazy("status of a promise", "In progress"),
    "planned": _("Planned"),
    "not_started": pgettext_lazy("status of a promise", "Not started"),
    "not_applicable": _("Not applicable"),
    "nothing_to_report": _("Nothing to report"),
    "none": _("No answer"),
    "waiting": _("Not yet published"),
    "excused": _("Excused"),
    "not_expected": _("No report expected"),
    "not_collected": _("Not collected"),
    "off": _("Not owed"),
}
WORK = {
    "completed": ("done", _("Completed")),
    "in_progress": ("doing", pgettext_lazy("status of work", "In progress")),
    "not_started": ("todo", pgettext_lazy("status of work", "Not started")),
    "needs_attention": ("flag", _("Needs attention")),
    "returned": ("back", _("Returned with a comment")),
}
TIMELINESS_WORDS = {
    "on_time": _("on time"),
    "late": _("late"),
    "overdue": _("overdue"),
    "missed": _("missed"),
    "excused": _("excused"),
    "due": _("due"),
    "planned": _("planned"),
    "not_expected": _("not expected"),
    "not_collected": _("not collected here"),
    "not_yet_published": _("not yet published"),
    "published": _("published"),
    "voluntary": _("voluntary"),
    "withdrawn": _("withdrawn"),
}
ANSWERED = list(STATUS_WORDS)[:6]
FILLS = {"implemented": "r4", "in_progress": "r3", "planned": "r2"}
SHAPES = {
    **dict.fromkeys(FILLS, "fill"),
    "not_started": "box",
    **dict.fromkeys(("not_applicable", "nothing_to_report"), "line"),
    **dict.fromkeys(("waiting", "none"), "dots"),
}


# Words


@register.filter
def status_word(status: str | None) -> "StrOrPromise":
    """The word that stands beside the square of a promise; silence has a word as well."""
    return STATUS_WORDS.get(status or "none", str(status))


@register.filter
def said(word: str) -> str:
    """Our own word for data (a short title, a theme, a place) in the reader's language."""
    return languages.said(word)


@register.filter
def drawn(words: str) -> str:
    """Words for a drawing, which runs left to right: in brackets of their own in Arabic."""
    return f"\u2067{words}\u2069" if get_language_bidi() else words


@register.filter
def timeliness_word(timeliness: str) -> "StrOrPromise":
    """How a report stands to its deadline, in lower case for use in a sentence."""
    return TIMELINESS_WORDS.get(timeliness, timeliness)


@register.filter
def kind_word(kind: str) -> "StrOrPromise":
    """What a kind of member is called, in lower case."""
    return Member.Kind(kind).label


@register.filter
def work_word(state: str) -> "StrOrPromise":
    """The word that stands beside the round mark of work on a form."""
    return WORK[state][1]


@register.filter
def work_mark(state: str) -> str:
    """The ending of the class that draws a state of work."""
    return WORK[state][0]


@register.filter
def lookup(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of a key, or nothing; for hints by choice."""
    return (mapping or {}).get(key, "")


@register.filter
def control(field: BoundField) -> str:
    """How a bound field is drawn: choices, checkbox, hidden or plain."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "hidden" if widget.is_hidden else "plain"


@register.filter
def anchor(field: BoundField) -> str:
    """The id an error links to: the control, or the group of choices it belongs to."""
    return field.auto_id if control(field) == "choices" else field.id_for_label


@register.simple_tag(takes_context=True)
def here(context: Context, path: str, exact: bool = False) -> str:
    """Marks a link of the navigation: the page itself, or a place the page belongs to."""
    request = context.get("request")
    now = request.path if request else ""
    if now == path:
        return mark_safe(' aria-current="page"')
    if not exact and now.startswith(path):
        return mark_safe(' aria-current="true"')
    return ""


@register.simple_tag
def status(status: str | None) -> SafeString:
    """The square of a promise and its word (_status.html).

    Long tables hold hundreds of them and there are a dozen, so each is drawn once a language.
    """
    return _status(status or "none", get_language() or "")


@lru_cache(maxsize=256)
def _status(status: str, language: str) -> SafeString:
    return render_to_string("components/_status.html", {"status": status})


@register.simple_tag
@lru_cache(maxsize=1)
def styles() -> SafeString:
    """The style sheets (_styles.html): the same on every page of one release."""
    return render_to_string("components/_styles.html")


# Components that hold other markup


def _wrapped(component: str, context: Context, content: str, **inputs: Any) -> SafeString:
    inputs |= {"content": content, "request": context.get("request")}
    return render_to_string(f"components/_{component}.html", inputs)


@register.simple_block_tag(takes_context=True)
def section(context: Context, content: str, title: str, **inputs: Any) -> SafeString:
    """A part of a public page: heading at the start, matter beside it (_section.html)."""
    return _wrapped("section", context, content, title=title, **inputs)


@register.simple_block_tag(takes_context=True)
def panel(context: Context, content: str, title: str, **inputs: Any) -> SafeString:
    """Matter beside a form (_panel.html)."""
    return _wrapped("panel", context, content, title=title, **inputs)


@register.simple_block_tag(takes_context=True)
def side(context: Context, content: str, title: str, **inputs: Any) -> SafeString:
    """One of two or three versions side by side (_side.html)."""
    return _wrapped("side", context, content, title=title, **inputs)


@register.simple_block_tag(takes_context=True)
def fold(context: Context, content: str, title: str, **inputs: Any) -> SafeString:
    """Matter that opens on demand (_fold.html)."""
    return _wrapped("fold", context, content, title=title, **inputs)


@register.simple_block_tag(takes_context=True)
def notice(context: Context, content: str, **inputs: Any) -> SafeString:
    """Presence or state, never an error (_notice.html)."""
    return _wrapped("notice", context, content, **inputs)


@register.simple_block_tag(takes_context=True)
def table(context: Context, content: str, caption: str, **inputs: Any) -> SafeString:
    """A table with its caption, folding on a phone or scrolling (_table.html)."""
    return _wrapped("table", context, content, caption=caption, **inputs)


@register.simple_block_tag(takes_context=True)
def crumbs(context: Context, content: str, **inputs: Any) -> SafeString:
    """The way to this page; the content is list items (_crumbs.html)."""
    return _wrapped("crumbs", context, content, **inputs)


@register.inclusion_tag("components/_legend.html")
def legend(*statuses: str) -> dict[str, Any]:
    """The squares and their words: those named, or the seven a promise can have."""
    return {"statuses": statuses or list(STATUS_WORDS)[:7]}


# Charts


def percent(value: float) -> str:
    """A place or width in a chart, with a point in every language."""
    return f"{value:.2f}%"


def plain(value: float) -> str:
    """A number in a drawing's own units, with a point in every language."""
    return f"{value:g}"


@register.inclusion_tag("components/_bar.html")
def bar(total: int, parts: int | Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Parts of one whole: a count, or pairs of status or silence and count, in their order.

    Each sort has a shape of its own: a fill, an empty box (not started), a line (other answers),
    a low box (not asked), dots (no answer; grey while the round is open).
    """
    pairs = [("implemented", parts)] if isinstance(parts, int) else parts
    drawn, at, scale = [], 0, 100 / max(total, 1)
    for status, count in pairs:
        if count:
            drawn.append(_part(status, count, at * scale, count * scale))
            at += count
    return {"parts": drawn}


def _part(status: str, count: int, start: float, width: float) -> dict[str, Any]:
    """One part of a bar; dots are one each where they have room, else a row of them."""
    shape = SHAPES.get(status, "low")
    return {
        "shape": shape,
        "fill": FILLS.get(status, ""),
        "open": status == "waiting",
        "x": percent(start),
        "width": percent(max(width - 0.3, 0.2)),
        "end": percent(start + max(width - 0.3, 0.2)),
        "dots": min(count, max(round(width * 0.8), 1)),
    }


@register.inclusion_tag("components/_units.html")
def units(filled: int, hollow: int, label: str, per_row: int = 61) -> dict[str, Any]:
    """One small square a member: filled for those who signed, hollow for those bound without."""
    squares = []
    for n in range(filled + hollow):
        row, column = divmod(n, per_row)
        inset = 0 if n < filled else 0.75
        squares.append(
            {
                "kind": "unit" if n < filled else "unit-2",
                "x": plain(column * 9 + inset),
                "y": plain(row * 9 + 1 + inset),
                "side": "7" if n < filled else "5.5",
            }
        )
    rows = -(-(filled + hollow) // per_row) or 1
    width = min(filled + hollow, per_row) * 9
    return {
        "squares": squares,
        "width": width,
        "most": width * 2,  # px: two squares are no larger than those of fifty
        "height": rows * 9,
        "label": label,
    }


@register.inclusion_tag("components/_stacks.html")
def stacks(rows: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """Answers by round against everyone bound, one bar a row.

    A row has `name`, `total`, `counts` (status to number), `unasked` (how many are excused
    or were not expected, as `unasked_words` says) and `open` (silence is grey while the round is
    open). Fills, then empty box, then a line, then one pale square for each of those, and one dot
    a silence.
    """
    drawn = [_stack_row(row, n * 58) for n, row in enumerate(rows)]
    return {"rows": drawn, "height": len(drawn) * 58 - 12, "label": label}


def _stack_row(row: Mapping[str, Any], top: int) -> dict[str, Any]:
    counts, scale = row["counts"], 88.5 / max(row["total"], 1)
    shapes, x = [], 11.5
    for status in ("implemented", "in_progress", "planned", "not_started"):
        count = counts.get(status, 0)
        if count:
            shapes.append(_box(FILLS.get(status, ""), count, x, scale))
            x += count * scale
    other = counts.get("not_applicable", 0) + counts.get("nothing_to_report", 0)
    line = {"count": other, "x1": percent(x + 0.6), "x2": percent(x + other * scale - 0.4)}
    x += other * scale
    silent = row["total"] - sum(counts.get(s, 0) for s in ANSWERED)
    unasked, x_unasked = row.get("unasked", 0), x
    x += unasked * scale
    silent -= unasked
    return {
        "name": row["name"],
        "open": row.get("open", False),
        "boxes": shapes,
        "line": line if other else None,
        "unasked": _marks(unasked, x_unasked, scale),
        "unasked_words": row.get("unasked_words", ""),
        "silent": _marks(silent, x, scale),
        "y": {k: str(top + v) for k, v in {"top": 0, "text": 27, "mid": 21, "over": 13}.items()},
        "y_square": str(top + 19),
        "y_under": str(top + 41),
    }


def _marks(count: int, x: float, scale: float) -> dict[str, Any]:
    """One mark a member from x on, and where their number stands; near the edge it ends there."""
    late = x > 70
    return {
        "count": max(count, 0),
        "at": [percent(x + (n + 0.5) * scale) for n in range(max(count, 0))],
        "words_at": "100%" if late else percent(x + 0.3 * scale),
        "late": late,
    }


def _box(fill: str, count: int, x: float, scale: float) -> dict[str, Any]:
    width = max(count * scale - 0.25, 0.3)
    roomy = width > 1.2 + 0.9 * len(str(count))
    return {
        "fill": fill,
        "x": percent(x),
        "width": percent(width),
        "text_x": percent(x + 0.8),
        "text": str(count) if roomy and fill else "",
    }


@register.inclusion_tag("components/_rounds.html")
def rounds(marks: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """Report rounds on a line, to scale: on time, late, missed, excused, due, not collected.

    A mark has `name` (the round), `kind` (a timeliness) and `words` (what stands below it).
    """
    step = 88 / max(len(marks) - 1, 1)
    drawn = [
        {
            **mark,
            "x": percent(6 + n * step),
            "words": mark["words"] or timeliness_word(mark["kind"]),
            "y": 74 + n % 2 * 19,  # every other a line lower: long words have room beside them
        }
        for n, mark in enumerate(marks)
    ]
    return {
        "marks": drawn,
        "label": label,
    }


@register.simple_tag
def attribute(name: str, value: Any) -> str:
    """An attribute where there is a value, nothing where there is none."""
    return format_html(' {}="{}"', name, value) if value else ""
