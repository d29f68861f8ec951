"""Why a value is missing: one vocabulary for the rows of the API, the tables and the dictionary.

A row that can hold nothing in a field carries `missing`, the reason of each such field by name.
docs/decisions/missing-reasons.md says why so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

Row = dict[str, Any]
# The reason of a field that holds nothing: always the same one, or by the row.
Whys = Mapping[str, str | Callable[[Row], str]]

NOT_APPLICABLE, NOT_STATED, NOT_ENDED = "not_applicable", "not_stated", "not_ended"
NOT_REPORTED, WITHHELD, FEWER_THAN_5 = "not_reported", "withheld", "fewer_than_5"
NOT_EXPECTED = "not_expected"

REASONS: dict[str, Any] = {
    NOT_REPORTED: _("The member gave none."),
    NOT_EXPECTED: _("Nothing was expected here; what was given all the same is not counted."),
    NOT_APPLICABLE: _("There is nothing to give for this row."),
    NOT_STATED: _("The sources do not say."),
    NOT_ENDED: _("It has not ended."),
    WITHHELD: _("It was given, and is not for everyone."),
    FEWER_THAN_5: _("A count from 1 to 4, withheld so that nobody can be recognised."),
    "not_yet_published": _("It becomes public by an act of the secretariat that is still to come."),
    "not_collected": _("The round is before the first one that is collected here."),
    "no_members": _("No member is of this kind."),
    "no_value": _("No member gave a value for the year."),
    "no_target": _("It holds no numeric target."),
    "nobody": _("There is none."),
    "not_open": _("The round has not opened yet."),
    "nothing_owed": _("There is no obligation of this sort that it could be counted of."),
    "nothing_published": _("Nothing is published that it could be counted of."),
    "nothing_to_compare": _("No answer can be compared with one of the round before."),
    "no_round_yet": _("No round that is collected here has opened."),
    "no_earlier_round": _("No round before this one is collected here."),
    "reports_through_another": _("The member reports through another one."),
    "never_published": _("It is for the secretariat alone, not even as a number."),
    "no_data": _("This register holds no data about it yet."),
    "of_the_alliance_alone": _("It is computed of the alliance; a member's own is not public."),
}


def with_reasons(row: Row, whys: Whys, lists: Mapping[str, Whys] | None = None) -> Row:
    """The row with `missing`: the code of the reason, by the name of each field that is empty.

    Empty is null, an empty text or an empty list. `lists` says the same of the entries of a
    list, whose fields are named by a path: `names.0.since`.
    """
    missing = _reasons(row, whys)
    for name, of_entry in (lists or {}).items():
        missing |= _in_list(name, row[name], of_entry)
    return row | {"missing": missing}


def _in_list(name: str, entries: Sequence[Row], whys: Whys) -> dict[str, str]:
    return {
        f"{name}.{place}.{field}": why
        for place, entry in enumerate(entries)
        for field, why in _reasons(entry, whys).items()
    }


def _reasons(row: Row, whys: Whys) -> dict[str, str]:
    return {
        name: why if isinstance(why, str) else why(row)
        for name, why in whys.items()
        if row[name] in (None, "", [])
    }
