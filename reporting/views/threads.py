"""Comments as both sides' pages show them: by thread, each with what its reader may do."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from members.languages import long_date

from .. import rules
from ..models import Comment, Report
from .moments import person

Threads = dict[str, list[dict[str, Any]]]


def threads(request: HttpRequest, report: Report) -> Threads:
    """The threads that the reader may see, by the reference of the clause; `` is the whole report.

    Two queries, however many there are.
    """
    seen = Comment.objects.seen_by(request.user).filter(report=report)
    found: Threads = {}
    replies: dict[int, list[Comment]] = {}
    firsts = []
    for one in seen.select_related("written_by", "resolved_by", "commitment"):
        if one.reply_to_id:
            replies.setdefault(one.reply_to_id, []).append(one)
        else:
            firsts.append(one)
    for first in firsts:
        place = first.commitment.reference if first.commitment else ""
        said = [first, *replies.get(first.pk, [])]
        found.setdefault(place, []).append(_thread(request, report, said))
    return found


def _thread(request: HttpRequest, report: Report, said: list[Comment]) -> dict[str, Any]:
    first, who = said[0], person(request)
    is_open = first.resolved_at is None
    waits = is_open and report.objected_at and first.by_member and said[-1].by_member
    return {
        "first": first,
        "open": is_open,
        "comments": [_line(one, first) for one in said],
        "can_reply": is_open and rules.can_reply(who, report, first.internal),
        # What the member objects to is answered before it is settled.
        "can_resolve": is_open and not waits and rules.can_review(who, report),
    }


def _line(one: Comment, first: Comment) -> dict[str, Any]:
    """One word of a thread, for `components/_thread.html`."""
    role = _("for the member") if one.by_member else _("for the secretariat")
    resolved = ""
    if one == first and first.resolved_at:
        words = {"who": first.resolved_by, "day": _day(first.resolved_at)}
        resolved = _("Resolved by %(who)s, %(day)s") % words
    return {
        "id": f"c-{one.pk}",
        "who": one.written_by,
        "role": role,
        "when": _("%(day)s, on version %(n)d") % {"day": _day(one.written_at), "n": one.version},
        "text": one.text,
        "open": one == first and not first.resolved_at,
        "internal": one.internal,
        "resolved": resolved,
    }


def _day(moment: Any) -> str:
    return long_date(moment)


def open_count(found: Threads) -> int:
    return sum(thread["open"] for group in found.values() for thread in group)
