"""What stands in a report on paper: a built summary in words, and how it was counted."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.languages import long_date
from members.models import Member
from members.templatetags.look import status_word

from ..models import Summary
from ..summaries.counting import BY_ENDORSEMENT
from ..summaries.scopes import CYCLE, MEMBER
from ..summaries.telling import NEED_NOT_ADD_UP, OWED, REASONS, SORTS, Part, Told, grouped, titles
from . import charts

ORDER = ("implemented", "in_progress", "planned", "not_started", "not_applicable")
ORDER += ("nothing_to_report", "excused", "not_expected", "waiting", "none")
# How the reports of those expected came; every receipt says one of the first four.
CAME = {
    "on_time": gettext_lazy("On time"),
    "late": gettext_lazy("Late"),
    "missed": gettext_lazy("Missing"),
    "excused": gettext_lazy("Excused"),
    "untold": gettext_lazy("No receipt"),
}


# The sentence to take away from a report, by the kind of member that it counts obligations of.
QUOTES = {
    "government": gettext_lazy(
        "%(n)s of %(of)s obligations of government members were reported as implemented in the "
        "round of %(code)s."
    ),
    "intergovernmental": gettext_lazy(
        "%(n)s of %(of)s obligations of intergovernmental organisations were reported as "
        "implemented in the round of %(code)s."
    ),
    "civil_society": gettext_lazy(
        "%(n)s of %(of)s obligations of civil-society organisations were reported as implemented "
        "in the round of %(code)s."
    ),
    "private_sector": gettext_lazy(
        "%(n)s of %(of)s obligations of companies were reported as implemented in the round of "
        "%(code)s."
    ),
}
QUOTE_OF_MEMBER = gettext_lazy(
    "%(n)s of %(of)s obligations were reported as implemented in the round of %(code)s."
)


def matter(summary: Summary) -> dict[str, Any]:
    """All that the template reads, in the language in force; texts are plain."""
    told = Told(summary)
    name = titles([told.scope])[summary.scope]
    at = long_date(summary.built_at, "j F Y, H:i")
    synthetic = _("Demonstration: these figures are invented. Nobody said or did any of this.")
    return {
        "lang": "en",
        "title": _("%(name)s: what was promised and what was reported") % {"name": name},
        "author": _("Secretariat of the alliance"),
        "keywords": [summary.scope],
        "sort": str(SORTS[told.scope.kind]),
        "quote": _quote(told, name),
        "subtitle": _subtitle(told),
        "synthetic": synthetic if summary.synthetic else None,
        "watermark": _("SYNTHETIC"),
        "footer": _("%(name)s, as of %(at)s UTC") % {"name": name, "at": at},
        "contents": _("Contents"),
        "facts": _facts(told, at),
        "parts": [_part(told, part) for part in told.parts if told.kinds],
        "sections": [_came(told), _became(told)],
        "missed": _missed(told),
        "verdicts": _verdicts(told),
        "method": _method(told),
    }


def _subtitle(told: Told) -> str:
    if told.row["cycle"] is None:
        return str(REASONS["no_round_yet"])
    return _("Figures of the round of %(code)s") % {"code": told.row["cycle"]}


def _quote(told: Told, name: str) -> str | None:
    """The sentence to take away: a figure with what it is counted of; None without any."""
    for kind, figures in told.row["figures"].items():
        one = figures["answers_implemented"]
        if one["numerator"] is not None:
            number, of = grouped(one["numerator"]), grouped(one["denominator"])
            words = QUOTE_OF_MEMBER if told.scope.kind == MEMBER else QUOTES[kind]
            said = words % {"n": number, "of": of, "code": told.row["cycle"]}
            if told.scope.kind == CYCLE:
                return said
            return _("%(name)s: %(said)s") % {"name": name, "said": said}
    return None


def _facts(told: Told, at: str) -> list[tuple[str, str]]:
    announced = _("announced") if told.announced else _("not announced yet")
    _code, licence, _address = settings.DATA_LICENCE
    return [
        (_("Issued by"), _("Secretariat of the alliance")),
        (_("As of"), f"{at} UTC"),
        (_("Who reported in time"), announced),
        (_("Source"), f"{settings.SITE_URL}/summaries/{told.summary.scope}/"),
        (_("What an obligation is here"), _("A political commitment, not a legal one.")),
        (_("Licence"), licence),
    ]


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _part(told: Told, part: Part) -> dict[str, Any]:
    return {
        "title": str(part.title),
        "note": _upper(str(part.why)) if part.why else _of_whom(part),
        "head": ["", *told.kind_words.values()],
        "rows": [
            [(str(line.words), ""), *((cell.words, cell.before_words) for cell in line.cells)]
            for line in part.lines
            if not part.why
        ],
    }


def _of_whom(part: Part) -> str:
    of_whom = _("By kind of member, each against everyone it is counted of.")
    return f"{of_whom} {part.caveat}" if part.code in OWED else of_whom


def _came(told: Told) -> dict[str, Any]:
    """How reports came, by round, where receipts are announced."""
    charts = []
    for kind in told.kinds:
        rows = list(told.receipts(kind))
        if rows:
            words = {how: str(word) for how, word in CAME.items()}
            charts.append(_chart(told.kind_words[kind], rows, words, REPORTS))
    return {
        "title": _("When the reports came"),
        "note": _("Of all that were expected, in rounds of which it is announced who reported."),
        "charts": charts,
    }


def _became(told: Told) -> dict[str, Any]:
    """What became of the obligations, by round."""
    words = {status: str(status_word(status)) for status in ORDER}
    charts = []
    for kind in told.kinds:
        for ending in ("", BY_ENDORSEMENT):
            rows = [(code, counts) for code, _n, counts in told.answers(kind, ending)]
            if rows:
                title = told.kind_words[kind]
                if ending:
                    title = _("%(kind)s, by endorsement (reading of the 2015 text)") % {
                        "kind": title
                    }
                charts.append(_chart(title, rows, words, ANSWERS))
    return {
        "title": _("What became of the obligations"),
        "note": _("Against everyone bound when the round opened; each table says the same."),
        "charts": charts,
    }


@dataclass(frozen=True)
class Shows:
    """What the charts of a section are of: said beneath each, before its numbers, in its table."""

    what: Any
    said: Any
    head: Any
    total: Any


ANSWERS = Shows(
    gettext_lazy("Obligations by round and answer."),
    gettext_lazy("Obligations by round and answer. %(said)s."),
    gettext_lazy("Answer"),
    gettext_lazy("Obligations"),
)
REPORTS = Shows(
    gettext_lazy("Reports by round, and when they came."),
    gettext_lazy("Reports by round, and when they came. %(said)s."),
    gettext_lazy("Report"),
    gettext_lazy("Reports expected"),
)


def _chart(title: str, rows: list[tuple[str, Any]], words: Any, shows: Shows) -> dict[str, Any]:
    used = [status for status in words if any(counts.get(status) for _name, counts in rows)]
    said = "; ".join(
        f"{name}: " + ", ".join(f"{words[s]} {grouped(counts[s])}" for s in used if counts.get(s))
        for name, counts in rows
    )
    return {
        "title": title,
        "svg": charts.drawn(charts.described(rows, words)),
        "alt": shows.said % {"said": said},
        "caption": str(shows.what),
        "head": [str(shows.head), *(name for name, _counts in rows)],
        "rows": [_numbers(words[s], [counts.get(s, 0) for _name, counts in rows]) for s in used]
        + [_numbers(str(shows.total), [sum(counts.values()) for _name, counts in rows])],
    }


def _numbers(words: str, numbers: list[int]) -> list[tuple[str, str]]:
    return [(words, ""), *((grouped(n), "") for n in numbers)]


def _missed(told: Told) -> dict[str, Any]:
    codes = told.row["missed_by"]
    why = told.row["missing"].get("missed_by", "not_yet_published" if codes is None else "nobody")
    announced = _("As announced by the secretariat; members were told first.")
    return {
        "title": _("No report by the end of the round"),
        "note": _upper(announced if codes else str(REASONS[why])),
        "kinds": _names_by_kind(told, codes or ()),
    }


def _names_by_kind(told: Told, codes: Collection[str]) -> list[dict[str, Any]]:
    """The names behind these codes in their order, under the kind of member."""
    members = Member.objects.named(told.summary.shown_from).filter(code__in=codes)
    names: dict[str, list[str]] = defaultdict(list)
    for kind, name in members.values_list("kind", "display_name"):
        names[kind].append(name)
    return [
        {
            "title": _("%(kind)s (%(n)s)")
            % {"kind": told.kind_words.get(kind, kind), "n": grouped(len(names[kind]))},
            "members": sorted(names[kind], key=str.casefold),
        }
        for kind in Member.Kind.values
        if names[kind]
    ]


def _verdicts(told: Told) -> dict[str, Any]:
    words = {"met": _("met"), "not_met": _("not met"), "cannot_tell": _("cannot be told")}
    return {
        "title": _("Numeric targets"),
        "note": _("Judged by the numbers, of the alliance as a whole.")
        if told.row["verdicts"]
        else _upper(str(REASONS[told.row["missing"].get("verdicts", "no_value")])),
        "rows": [
            f"{one['year']}: {words[one['verdict']]}. {one['arithmetic']}"
            for one in told.row["verdicts"]
        ],
    }


def _method(told: Told) -> dict[str, Any]:
    paragraphs = [
        _(
            "Figures are counted from published reports, published receipts and published "
            "decisions on extensions, and from nothing else. A self-report is not a grade."
        ),
        _(
            "They are given per kind of member and never added up over kinds. Expected is a report "
            "from each member that owed one when the round opened; excused members stay among them."
        ),
        str(NEED_NOT_ADD_UP),
        _("What was taken on by endorsement is a reading of the 2015 text, and stands apart."),
        _(
            "Answers are counted of all obligations, whoever reported. A missing answer keeps its "
            "place: those of excused members, and of members from which no report was "
            "expected, are told apart from silence."
        ),
        _(
            "Who reported in time is public once the secretariat has announced it. Until then such "
            "figures are not given. A day lasts until it has ended everywhere on earth (UTC-12)."
        ),
        _(
            "Members are counted of the 85 named in the texts; the 2022 communique speaks of 99 "
            "government members, without a list."
        ),
    ]
    paragraphs += [
        f"{code}: {note}"
        for code, note in Member.objects.exclude(note="").values_list("code", "note")
    ]
    return {"title": _("How this was counted"), "paragraphs": paragraphs}
