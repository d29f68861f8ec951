"""What two records of one member say differently, and what the member would owe by each choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Obligation
from members.history import LABELS
from members.languages import long_date
from members.models import Member

# What is chosen together: a day goes with its source. Places on the map are no facts.
FIELDS = {
    "joined_on": ("joined_on", "joined_source"),
    "left_on": ("left_on", "left_source"),
    "region": ("region", "region_source"),
    "part_of": ("part_of",),
    "reports_through": ("reports_through",),
    "note": ("note",),
}
TITLES = LABELS | {
    "part_of": gettext_lazy("Part of"),
    "reports_through": gettext_lazy("Reports through"),
}
STAYS, GOES = "stays", "goes"  # whose value is chosen: that of the record that stays, or goes
Owed = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Difference:
    """A fact that the records give differently, in words: a person chooses."""

    name: str
    label: str
    stays: str
    goes: str


@dataclass(frozen=True)
class Weight:
    """What is owed only after the merge, and what only before: (member, clause, basis, days)."""

    gained: list[Owed]
    lost: list[Owed]


def differences(former: Member, into: Member) -> list[Difference]:
    """All that the records say differently of the member itself."""
    return [
        Difference(name, str(TITLES[name]), _words(into, together), _words(former, together))
        for name, together in FIELDS.items()
        if any(getattr(former, field) != getattr(into, field) for field in together)
    ]


def chosen_facts(former: Member, into: Member, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the record that stays which become those of the other, by what was chosen.

    Raises ValidationError for a difference of which nobody has chosen.
    """
    facts: dict[str, Any] = {}
    for one in differences(former, into):
        if chosen.get(one.name) not in (STAYS, GOES):
            raise ValidationError({one.name: _("Choose which of them holds.")})
        if chosen[one.name] == GOES:
            facts |= {field: getattr(former, field) for field in FIELDS[one.name]}
    return facts


def weigh(former: Member, into: Member, move: Callable[[], Any]) -> Weight:
    """What `move`, which merges the records, would change in what is owed. It is undone."""
    before, gone = _owed(into), _owed(former)
    with transaction.atomic():
        move()
        after = _owed(into)
        transaction.set_rollback(True)
    told = [
        *((into.code, *line) for line in before - after),
        *((former.code, *line) for line in gone - after),
    ]
    return Weight(sorted((into.code, *line) for line in after - before), sorted(told))


def _owed(member: Member) -> set[tuple[str, str, str, str]]:
    lines = Obligation.objects.filter(member=member).select_related("commitment")
    return {
        (
            line.commitment.reference,
            str(line.get_basis_display()),  # type: ignore[attr-defined]
            line.since.isoformat(),
            line.until.isoformat() if line.until else "",
        )
        for line in lines
    }


def _words(member: Member, together: tuple[str, ...]) -> str:
    """A fact as a person reads it, with its source."""
    first = together[0]
    value = getattr(member, first)
    if first.endswith("_on") and value:
        value = long_date(value)
    told = getattr(member, f"get_{first}_display", lambda: value)()
    said = [str(told), *(str(getattr(member, field)) for field in together[1:])] if value else []
    return ", ".join(word for word in said if word) or _("nothing")
