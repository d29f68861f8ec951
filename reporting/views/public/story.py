"""The story of a round: a sentence to quote alone, and who reported, by kind of member."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.templatetags.look import timeliness_word

from ...figures import Round
from .register import counted, long_date

# How reports stand to their day, in the order of the bar, and the part of a bar that draws each.
IN_TIME = {"on_time": "implemented", "late": "in_progress", "excused": "excused", "missed": "none"}
SO_FAR = {"published": "implemented", "not_yet_published": "waiting"}


def sentence(seen: Round) -> str:
    """What the round comes to, in one sentence: of government members, as far as it is public."""
    code = seen.cycle.code
    if not seen.collected:
        return _("This register does not collect the reports of this round.")
    if not seen.opened:
        day = {"day": long_date(seen.cycle.opens_on)}
        return _("The round opens on %(day)s.") % day
    told = {"code": code, "of": counted("government", _count(seen, "expected", "government"))}
    if seen.announced:
        n = _count(seen, "received", "government")
        words = ngettext(
            "%(n)s of %(of)s reported in the round of %(code)s, %(in_time)s in time.",
            "%(n)s of %(of)s reported in the round of %(code)s, %(in_time)s of them in time.",
            n,
        )
        return words % {**told, "n": n, "in_time": _count(seen, "on_time", "government")}
    n = _count(seen, "published", "government")
    words = ngettext(
        "The report of %(n)s of %(of)s for the round of %(code)s is published so far.",
        "The reports of %(n)s of %(of)s for the round of %(code)s are published so far.",
        n,
    )
    return words % {**told, "n": n}


def who_reported(seen: Round) -> list[dict[str, Any]]:
    """By kind of member: how many of those expected reported, and how, as the parts of a bar."""
    if not (seen.collected and seen.opened):
        return []
    return [
        {"kind": counted(kind, total), "total": total, **_parts(seen, kind, total)}
        for kind in seen.kinds
        if (total := _count(seen, "expected", kind))
    ]


def _parts(seen: Round, kind: str, total: int) -> dict[str, Any]:
    """The parts of the bar of a kind, and the same in words, both in one order."""
    if seen.announced:
        counts = {how: _count(seen, how, kind) for how in IN_TIME}
    else:
        published = _count(seen, "published", kind)
        counts = {"published": published, "not_yet_published": total - published}
    drawn = IN_TIME | SO_FAR
    return {
        "parts": [(drawn[how], n) for how, n in counts.items() if n],
        "words": [(how, f"{timeliness_word(how)} {n}") for how, n in counts.items() if n],
    }


def _count(seen: Round, figure: str, kind: str) -> int:
    return seen.count(seen.chosen(figure))[kind]
