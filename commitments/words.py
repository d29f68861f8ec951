"""When a clause is due, in words: as its text prints it, and how that counts."""

import datetime as dt
import re

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from members.languages import joined, long_date

from . import deadlines
from .models import Commitment

# The words of a clause that date it. A quotation: it is looked for in the clause, never written.
DATING = re.compile(
    r"\b(?:by (?:\d+ )?[A-Z][a-z]+ \d{4}(?: and every second year after that)?"
    r"|by the indicative date of (?:the end of )?\d{4}"
    r"|at least twice per year|at least once every two years|on a biennial basis"
    r"|biennially|yearly)"
)


def due_words(clause: Commitment, at: dt.datetime | None = None) -> str:
    """When a clause is due, as printed, and how that counts at `at`; empty without any date."""
    return due_on_words(clause, _counts_as(clause, at or timezone.now()))


def due_on_words(clause: Commitment, day: dt.date | None) -> str:
    """When a clause is due, as printed, with the day that this one of its due days counts as."""
    printed = _printed(clause)
    if clause.every_months and clause.every_months < 12:
        return _("twice a year, as %(printed)s: two in any twelve months count") % {
            "printed": printed
        }
    parts = [_("as %(printed)s") % {"printed": printed}] if printed else []
    if day:
        parts.append(_("counts as %(day)s") % {"day": long_date(day)})
    if clause.reference in settings.FIRST_DUE:
        first = long_date(settings.FIRST_DUE[clause.reference])
        parts.append(
            _("the text gives no first day: this register counts from %(day)s") % {"day": first}
        )
    return joined(parts)


def _printed(clause: Commitment) -> str:
    """The words that date a clause, in quotation marks; its own before its opening words."""
    for text in (clause.text, clause.lead_in):
        if found := DATING.search(text):
            return _("“%(words)s”") % {"words": found[0]}
    if clause.due_on is None:
        return ""
    form = {"day": "j F Y", "month": "F Y", "year": "Y"}[clause.due_precision]
    words = _("by %(day)s") if clause.due_modality == "firm" else _("indicatively %(day)s")
    return words % {"day": long_date(clause.due_on, form)}


def _counts_as(clause: Commitment, at: dt.datetime) -> dt.date | None:
    """The day on which a clause is due next; of one that is over, the day that it was due."""
    if coming := clause.next_due(at):
        return coming
    return deadlines.last_day(clause.due_on, clause.due_precision) if clause.due_on else None
