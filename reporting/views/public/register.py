"""What several public pages read: members by name, who is bound by what, what was published.

Everything here reads the register or the published rows, and nothing else. Counts are kept per
kind of member and per basis; members that report through another are in no count.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Statement
from members.languages import in_order, joined, long_date, said
from members.models import Member
from members.templatetags.sentences import our_words

from ...figures import Round, rounds_of
from ...models import Cycle, PublishedAnswer, PublishedReport, Receipt
from ...tallies import Line, Said, Tally, tally

# Members


def members_by_code(day: dt.date, codes: Collection[str] | None = None) -> dict[str, Member]:
    """Every member, or those asked for, with `display_name` of the day, in order of that name."""
    found = Member.objects.named(day).select_related("reports_through")
    if codes is not None:
        found = found.filter(code__in=codes) if codes else found.none()
    return {m.code: m for m in in_order(found)}


def counted(kind: str, number: int) -> str:
    """A number of members of one kind, in words: "49 government members"."""
    words = {
        "government": ngettext("%(n)s government member", "%(n)s government members", number),
        "intergovernmental": ngettext(
            "%(n)s intergovernmental organisation", "%(n)s intergovernmental organisations", number
        ),
        "civil_society": ngettext(
            "%(n)s civil-society organisation", "%(n)s civil-society organisations", number
        ),
        "private_sector": ngettext("%(n)s company", "%(n)s companies", number),
    }
    return words[kind] % {"n": number}


def counted_all(kinds: Mapping[str, int]) -> str:
    """Several kinds in one enumeration, each with its own number and never added up."""
    parts = [counted(k, kinds[k]) for k in Member.Kind.values if kinds.get(k)]
    return get_text_list(parts, _("and"))


def notes(members: Iterable[Member]) -> list[SafeString]:
    """The notes that stand wherever the names of these members stand; marked where in English."""
    parts = [(m.code, _(": "), our_words(m.note)) for m in members if m.note]
    return [format_html("{}{}{}", *part) for part in parts]


# Who is bound by what


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def owed_words(own: int, by_endorsement: int) -> str:
    """Two numbers of obligations side by side, never added up."""
    words = ngettext("%(n)s obligation", "%(n)s obligations", own)
    words %= {"n": _grouped(own)}
    if not by_endorsement:
        return words
    beside = _("%(words)s, and %(n)s by endorsement (reading of the 2015 text)")
    return beside % {"words": words, "n": _grouped(by_endorsement)}


# What was published


def rounds_with_reports(day: dt.date | None = None) -> list[Round]:
    """The rounds with a published report at the end of `day`, the oldest first; now without one."""
    codes = PublishedReport.objects.shown(day).values("cycle")
    return rounds_of(Cycle.objects.filter(code__in=codes), day)


def newest_round(day: dt.date | None = None) -> Round | None:
    """The newest round whose receipts are announced, else the newest with a published report."""
    rounds = rounds_with_reports(day)
    return next((r for r in reversed(rounds) if r.announced), rounds[-1] if rounds else None)


def narratives(rows: Iterable[PublishedAnswer]) -> list[dict[str, Any]]:
    """Published answers as the API shows them, with their language, for pages with their words."""
    told = list(rows)
    reports = PublishedReport.objects.filter(pk__in={row.report_id for row in told})
    written_in = dict(reports.values_list("pk", "language"))
    return [json.loads(row.row) | {"language": written_in[row.report_id]} for row in told]


# Answers against everyone bound


class Group(Tally):
    """A tally that says in words whom it counts."""

    @property
    def words(self) -> str:
        """The members and how they came to be bound."""
        who = counted(self.kind, self.total)
        how = {
            "signature": _("%(who)s signed"),
            "endorsement": _("%(who)s bound by endorsement (reading of the 2015 text)"),
            "membership": _("%(who)s bound as members"),
            "participation": _("%(who)s that took part in the summit"),
        }
        return how[self.basis] % {"who": who}

    @property
    def basis_word(self) -> str:
        """The basis on which they are bound, in a word or two."""
        return basis_word(self.basis)


def grouped(
    bound: Iterable[Line],
    said: Mapping[tuple[str, str], Said] | None = None,
    seen: Round | None = None,
) -> list[Group]:
    """Everyone bound, by basis and kind, with how they answered in a round, if one is shown."""
    return tally(bound, said or {}, seen, Group)


# Words


def place_and_year(statement: Statement) -> str:
    """A short name of a statement: "London, 2014"."""
    return joined([said(statement.place), statement.adopted_on.year])


def missed_words(receipt: Receipt) -> str:
    """That a report which was missing at the end of the round came later; else nothing."""
    if receipt.timeliness != "missed" or receipt.received_on is None:
        return ""
    return _("missed, received on %(day)s") % {"day": long_date(receipt.received_on)}


def withdrawn_words(report: PublishedReport | None) -> str:
    """That a published report was taken back, with the public note; else nothing."""
    if report is None or report.shown_until is None:
        return ""
    words = {"day": long_date(report.shown_until), "why": report.withdrawn_because}
    return _("withdrawn on %(day)s: %(why)s") % words


def basis_word(basis: str) -> str:
    """A basis in a word or two, for tables; `reason` says it in a sentence."""
    words = {
        "signature": _("signature"),
        "endorsement": _("endorsement (reading of the 2015 text)"),
        "membership": _("membership"),
        "participation": _("participation"),
    }
    return words[basis]


def reason(basis: str, since: dt.date, printed: str = "") -> str:
    """Why a member is bound, and since when."""
    words = {
        "signature": _("Its name stands under the statement, printed “%(printed)s”"),
        "endorsement": _(
            "By endorsement (reading of the 2015 text): it signed the 2015 statement, which "
            "endorses this one, and is not among the names under this one"
        ),
        "membership": _("The clauses bind every member of the alliance while it is one"),
        "participation": _("It is recorded as having taken part in the summit"),
    }
    why = words[basis] % {"printed": printed}
    return _("%(why)s; since %(day)s.") % {"why": why, "day": long_date(since)}
