"""What stands in a report on paper: a built summary in words, and how it was counted."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from members.languages import long_date
from members.models import Member
from members.templatetags.look import status_word

from ..models import Summary
from ..summaries.counting import BY_ENDORSEMENT
from ..summaries.telling import NEED_NOT_ADD_UP, OWED, REASONS, SORTS, Part, Told, grouped, titles
from . import charts

ORDER = ("implemented", "in_progress", "planned", "not_started", "not_applicable")
ORDER += ("nothing_to_report", "excused", "not_expected", "waiting", "none")


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
        "subtitle": _subtitle(told),
        "synthetic": synthetic if summary.synthetic else None,
        "watermark": _("SYNTHETIC"),
        "footer": _("%(name)s, as of %(at)s UTC") % {"name": name, "at": at},
        "contents": _("Contents"),
        "facts": _facts(told, at),
        "parts": [_part(told, part) for part in told.parts if told.kinds],
        "charts_title": _("What became of the obligations"),
        "charts_note": _("Against everyone bound when the round opened; each table says the same."),
        "charts": _charts(told),
        "missed": _missed(told),
        "verdicts": _verdicts(told),
        "method": _method(told),
    }


def _subtitle(told: Told) -> str:
    if told.row["cycle"] is None:
        return str(REASONS["no_round_yet"])
    return _("Figures of the round of %(code)s") % {"code": told.row["cycle"]}


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


def _charts(told: Told) -> list[dict[str, Any]]:
    words = {status: str(status_word(status)) for status in ORDER}
    found = []
    for kind in told.kinds:
        for ending in ("", BY_ENDORSEMENT):
            rows = [(code, counts) for code, _n, counts in told.answers(kind, ending)]
            if rows:
                title = told.kind_words[kind]
                if ending:
                    title = _("%(kind)s, by endorsement (reading of the 2015 text)") % {
                        "kind": title
                    }
                found.append(_chart(title, rows, words))
    return found


def _chart(title: str, rows: list[tuple[str, Any]], words: Any) -> dict[str, Any]:
    used = [status for status in words if any(counts.get(status) for _name, counts in rows)]
    said = "; ".join(
        f"{name}: " + ", ".join(f"{words[s]} {grouped(counts[s])}" for s in used if counts.get(s))
        for name, counts in rows
    )
    return {
        "title": title,
        "svg": charts.drawn(charts.described(rows, words)),
        "alt": _("Obligations by round and answer. %(said)s.") % {"said": said},
        "caption": _("Obligations by round and answer."),
        "head": [_("Answer"), *(name for name, _counts in rows)],
        "rows": [_numbers(words[s], [counts.get(s, 0) for _name, counts in rows]) for s in used]
        + [_numbers(_("Obligations"), [sum(counts.values()) for _name, counts in rows])],
    }


def _numbers(words: str, numbers: list[int]) -> list[tuple[str, str]]:
    return [(words, ""), *((grouped(n), "") for n in numbers)]


def _missed(told: Told) -> dict[str, Any]:
    codes = told.row["missed_by"]
    names = dict(Member.objects.named(told.summary.shown_from).values_list("code", "display_name"))
    why = told.row["missing"].get("missed_by", "not_yet_published" if codes is None else "nobody")
    announced = _("As announced by the secretariat; members were told first.")
    note = announced if codes else str(REASONS[why])
    return {
        "title": _("No report by the end of the round"),
        "note": _upper(note),
        "members": sorted((names[code] for code in codes or ()), key=str.casefold),
    }


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
