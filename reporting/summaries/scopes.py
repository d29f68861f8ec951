"""What is summed up: rounds, statements, clauses, themes, regions, groups and members."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from commitments.models import Commitment, Obligation, Statement, Theme
from members.models import Group, GroupMember, Member, TreatyFact

from ..figures import Round
from ..models import Cycle

CYCLE, MEMBER = "cycle", "member"
# The kinds of scope in the order in which they are listed.
KINDS = (CYCLE, "statement", "commitment", "theme", "region", "group", MEMBER)


@dataclass(frozen=True)
class Scope:
    """One thing that is summed up. `name` is its key: the kind, a hyphen, and the code."""

    kind: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.code}"


def named(name: str) -> Scope:
    """The scope of a key such as `commitment-2012-G1`."""
    kind, _hyphen, code = name.partition("-")
    return Scope(kind, code)


def every_scope() -> list[Scope]:
    """Everything that is summed up, in the order of the kinds and then of the register."""
    codes = {
        CYCLE: Cycle.objects.order_by("code").values_list("code", flat=True),
        "statement": Statement.objects.values_list("code", flat=True),
        "commitment": Commitment.objects.values_list("reference", flat=True),
        "theme": Theme.objects.values_list("code", flat=True),
        "region": Member.Region.values,
        "group": Group.objects.values_list("code", flat=True),
        MEMBER: Member.objects.order_by("code").values_list("code", flat=True),
    }
    return [Scope(kind, code) for kind in KINDS for code in codes[kind]]


class Register:
    """What of the register every round is folded from, read once.

    Obligations are some thousand rows, with the days from and until which they hold.
    """

    @cached_property
    def owed(self) -> list[tuple[int, str, dt.date, dt.date | None]]:
        """Clause, member, since, until: once for each basis."""
        rows = Obligation.objects.counted().order_by()
        return list(rows.values_list("commitment", "member__code", "since", "until"))

    @cached_property
    def scopes(self) -> dict[int, list[str]]:
        return scopes_of_clauses()

    @cached_property
    def treaties(self) -> dict[str, dict[str, dt.date]]:
        """The day of each recorded stage, by the code of the member; empty without any record."""
        found: dict[str, dict[str, dt.date]] = defaultdict(dict)
        facts = TreatyFact.objects.filter(treaty=TreatyFact.LANZAROTE)
        for code, stage, on in facts.values_list("member__code", "stage", "on"):
            found[code][stage] = on
        return found

    def bound(self, day: dt.date) -> dict[int, set[str]]:
        """The members that a clause binds at the end of `day`."""
        found: dict[int, set[str]] = defaultdict(set)
        for clause, member, since, until in self.owed:
            if since <= day and (until is None or until > day):
                found[clause].add(member)
        return found


def members_of(seen: Round, register: Register) -> dict[str, set[str]]:
    """Whom each scope is about in a round, by its key: codes of members in denominators.

    A statement, clause or theme is about those who were bound by it when the round opened; a
    region, a group and a round about those who were in it then.
    """
    day = seen.cycle.opens_on
    found: dict[str, set[str]] = defaultdict(set)
    counted = Member.objects.counted()
    for code, region in counted.values_list("code", "region"):
        found[f"{MEMBER}-{code}"].add(code)
        if region:
            found[f"region-{region}"].add(code)
    places = GroupMember.objects.in_force(day).filter(member__in=counted)
    for group, code in places.values_list("group__code", "member__code"):
        found[f"group-{group}"].add(code)
    found[f"{CYCLE}-{seen.cycle.code}"] |= set(counted.on(day).values_list("code", flat=True))
    for clause, codes in register.bound(day).items():
        for name in register.scopes[clause]:
            found[name] |= codes
    return found


def scopes_of_clauses() -> dict[int, list[str]]:
    """The scopes that each leaf counts in: its own, those above it, its statement, its themes."""
    clauses = {c.pk: c for c in Commitment.objects.select_related("statement")}
    themes = Commitment.objects.filter(themes__isnull=False).values_list("pk", "themes__code")
    found: dict[int, list[str]] = {}
    for clause in clauses.values():
        names, above = [f"statement-{clause.statement.code}"], clause
        while above:
            names.append(f"commitment-{above.reference}")
            above = clauses.get(above.parent_id)
        found[clause.pk] = names
    for clause, theme in themes:
        found[clause].append(f"theme-{theme}")
    return found


def kinds_of(scope: Scope, seen: Round, about: Collection[str], kinds: dict[str, str]) -> list[str]:
    """The kinds of member that the figures of a scope are given for, in their order.

    Of a round all that have members; of anything else those of the members that it is about.
    """
    if scope.kind == CYCLE:
        return seen.kinds
    those = {kinds[code] for code in about}
    return [kind for kind in Member.Kind.values if kind in those]
