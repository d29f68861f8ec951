"""The filters of statements, commitments, members, signatures and obligations."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from members.filters import (
    KINDS,
    REGIONS,
    CodesFilter,
    DatedFilterSet,
    FlagFilter,
    WordsField,
    WordsFilter,
    member_codes,
)
from members.languages import said
from members.models import Group, GroupMember, Member
from members.text import fold

from . import search
from .models import Commitment, Obligation, Signature, Statement, Theme


def statement_codes() -> Collection[str]:
    return Statement.objects.values_list("code", flat=True)


def references() -> Collection[str]:
    return Commitment.objects.values_list("reference", flat=True)


def themes() -> Collection[str]:
    return Theme.objects.values_list("code", flat=True)


def groups() -> Collection[str]:
    return Group.objects.values_list("code", flat=True)


def leaves_of(given: Collection[str]) -> set[str]:
    """The references of the leaves under these commitments; a leaf stands for itself."""
    children: dict[str, list[str]] = {}
    for reference, parent in Commitment.objects.values_list("reference", "parent__reference"):
        children.setdefault(parent, []).append(reference)
    leaves, open_ = set(), list(given)
    while open_:
        reference = open_.pop()
        open_ += children.get(reference, [])
        if reference not in children:
            leaves.add(reference)
    return leaves


SEARCHED = (
    'All words must be there, in any order and with any ending; "words between quotation marks" '
    "stand as they are, -words must not be there, and wor* is the beginning of a word. Terms that "
    "changed over the years find each other (the list is in the dictionary), outside quotation "
    "marks; X-Widened names the groups of terms that were widened."
)


class SearchField(WordsField):
    """A question to the full-text search."""

    def clean(self, value: str | None) -> search.Question | None:
        words = super().clean(value)
        return search.read(words) if value else None


class SearchFilter(WordsFilter):
    """Rows whose text answers a question; one without any word to look for finds nothing."""

    field_class = SearchField


def clauses_saying(question: search.Question) -> list[int]:
    """The keys of the clauses whose reference, title or official words answer the question."""
    texts = Commitment.objects.values_list("pk", "reference", "title", "lead_in", "text")
    return search.among({pk: search.searchable(*said) for pk, *said in texts}, question)


def words_near(text: str, names: Iterable[str]) -> str:
    """What was typed, put right by the words of all clauses and by these names; or nothing."""
    clauses = Commitment.objects.values_list("reference", "title", "lead_in", "text")
    official = [one for clause in clauses for one in (*clause, said(clause[1]))]
    return search.put_right(text, [*official, *names])


class StatementFilters(DatedFilterSet):
    binding = CodesFilter(known=Statement.Binding.values, label="Whom it binds.")


class CommitmentFilters(DatedFilterSet):
    statement = CodesFilter("statement__code", known=statement_codes, label="Codes of statements.")
    kind = CodesFilter(known=Commitment.Kind.values, label="Kinds of clause.")
    duty = CodesFilter(known=Commitment.Duty.values, label="Who is to act.")
    theme = CodesFilter(method="under_themes", known=themes, label="Codes of themes.")
    is_leaf = FlagFilter(label="Without sub-clauses (true), or with (false).")
    q = SearchFilter(
        method="worded", label=f"Words in the reference, the title or the official text. {SEARCHED}"
    )

    def under_themes(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        return found.filter(
            pk__in=Commitment.objects.filter(themes__code__in=codes).values("pk"),
        )

    def worded(self, found: QuerySet, name: str, question: search.Question) -> QuerySet:
        return found.filter(pk__in=clauses_saying(question))


def members_named(words: str, day: dt.date) -> set[int]:
    """The keys of the members whose code, or a name known on `day`, holds the words (folded).

    A name counts as the register has it and as it is shown in the language in force.
    """
    known = Member.objects.values_list("pk", "code", "names__text", "names__since")
    return {
        pk
        for pk, code, name, since in known
        if words in fold(code) or (name and (since is None or since <= day) and _holds(name, words))
    }


def _holds(name: str, words: str) -> bool:
    return any(words in fold(one) for one in {name, said(name)})


class MemberFilters(DatedFilterSet):
    kind = CodesFilter(known=KINDS, label="Kinds of member.")
    region = CodesFilter(known=REGIONS, label="UN M49 regions, a statistical grouping.")
    statement = CodesFilter(
        method="under", known=statement_codes, label="Statements that bear the member's name."
    )
    group = CodesFilter(method="in_groups", known=groups, label="Codes of groups: EU, taskforce.")
    q = WordsFilter(method="named_like", label="Words in the code or in a name.")

    def under(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        signed = Signature.objects.on(self.day).filter(statement__code__in=codes)
        return found.filter(pk__in=signed.values("member"))

    def in_groups(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        placed = GroupMember.objects.in_force(self.day).filter(group__code__in=codes)
        return found.filter(pk__in=placed.values("member"))

    def named_like(self, found: QuerySet, name: str, words: str) -> QuerySet:
        return found.filter(pk__in=members_named(words, self.day))


class SignatureFilters(DatedFilterSet):
    member = CodesFilter("member__code", known=member_codes, label="Codes of members.")
    statement = CodesFilter("statement__code", known=statement_codes, label="Codes of statements.")


class ObligationFilters(DatedFilterSet):
    member = CodesFilter("member__code", known=member_codes, label="Codes of members.")
    statement = CodesFilter("statement__code", known=statement_codes, label="Codes of statements.")
    commitment = CodesFilter(
        method="of_clauses", known=references, label="References; a parent stands for its leaves."
    )
    basis = CodesFilter(
        method="on_basis", known=Obligation.Basis.values, label="The strongest basis."
    )

    def of_clauses(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        return found.filter(commitment__reference__in=leaves_of(codes))

    def on_basis(self, found: QuerySet, name: str, codes: list[str]) -> QuerySet:
        """The lines whose strongest basis this is; the weaker ones stay in `bases`."""
        return found.with_basis(*codes)  # type: ignore[attr-defined]
