"""The kinds of rows that can be imported: what each does, and what the register holds of it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import actions as statements
from commitments.models import Signature
from commitments.views.record import COPIES as SIGNATURES
from members import actions as people
from members.actions import records
from members.actions.records import Writing
from members.history import Copies, version_of
from members.languages import SEMICOLON, joined
from members.models import Invitation, Member, Role, TreatyFact, User
from members.views.names import WHY, suggestions
from members.views.record_tabs import MEMBERSHIP, TREATIES

from ..actions.elsewhere import link_report
from ..forms.importing import ContactRow, MemberRow, ReportRow, SignatureRow, TreatyRow
from ..models import ReportElsewhere

ADDED, CHANGED, SAME = "added", "changed", "same"

Change = tuple[str, str, str]  # the column, the value before, the value after


@dataclass(frozen=True)
class Effect:
    """What a row does: one of the three words above, to what, and which values become which.

    `doubt` is what a person is asked about before it is done.
    """

    deed: str
    about: str
    changes: tuple[Change, ...] = ()
    doubt: str = ""


@dataclass(frozen=True)
class Doing:
    """Who imports, and when."""

    by: User
    at: dt.datetime

    def writing(self, member: Member, copies: Copies) -> Writing:
        return Writing(self.by, self.at, version_of(member, copies), copies)


@dataclass(frozen=True)
class Kind:
    """Rows of one kind: the form of a row, what a row does, and which field is which column.

    `held` gives what the register holds, in the same columns: taken out and brought in again it
    changes nothing.
    """

    code: str
    label: Any
    form: type[forms.Form]
    bring: Callable[[dict[str, Any], Doing], Effect]
    held: Callable[[], Iterable[dict[str, Any]]]
    called: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        return list(self.form.base_fields)


def _member(said: dict[str, Any], doing: Doing) -> Effect:
    facts = {name: value for name, value in said.items() if name not in ("code", "name")}
    member = Member.objects.filter(code=said["code"]).first()
    if member is None:
        doubt = _like(said["name"])
        records.admit(said["code"], said["name"], facts, by=doing.by, at=doing.at)
        return Effect(ADDED, f"{said['code']} ({said['name']})", doubt=doubt)
    shown = Member.objects.named(doing.at.date()).get(pk=member.pk)
    if said["name"] != shown.display_name:
        told = _("It is shown as “%(name)s”. A new name needs its day and source: use its record.")
        raise ValidationError({"name": told % {"name": shown.display_name}})
    changes = _changes(member, facts)
    if not changes:
        return Effect(SAME, member.code)
    changed = {name: facts[name] for name, _before, _after in changes}
    records.revise(member, doing.writing(member, MEMBERSHIP), changed)
    return Effect(CHANGED, member.code, changes)


def _like(name: str) -> str:
    """Which members the name of a new one may mean, and why; empty where none is like it."""
    told = (f"{one.member} ({one.name}): {WHY[one.why]}" for one in suggestions(name)[:3])
    return joined(told, SEMICOLON)


def _signature(said: dict[str, Any], doing: Doing) -> Effect:
    member, statement = said["member"], said["statement"]
    words = f"{member.code}, {statement.code}"
    held = Signature.objects.filter(member=member, statement=statement).select_related("name")
    facts = {"printed": said["name_as_printed"], "on": said["signed_on"]}
    there = held.filter(name__text=facts["printed"], signed_on=facts["on"]).first()
    if there:
        changes = _changes(there, {name: said[name] for name in WITHDRAWAL})
        return Effect(CHANGED if changes else SAME, words, _withdrawn(there, said, doing, changes))
    if standing := held.filter(withdrawn_on=None).first():
        same_day = standing.signed_on == said["signed_on"]
        column = "name_as_printed" if same_day else "signed_on"
        told = _("It stands there already, with %(stands)s.")
        stands = standing.name.text if same_day else standing.signed_on
        raise ValidationError({column: told % {"stands": stands}})
    writing = doing.writing(member, SIGNATURES)
    statements.accede(member, writing, statement=statement, source=said["source"], **facts)
    if said["withdrawn_on"]:
        there = held.get(signed_on=facts["on"])
        _withdrawn(there, said, doing, _changes(there, {name: said[name] for name in WITHDRAWAL}))
    return Effect(ADDED, words)


def _withdrawn(
    signature: Signature, said: dict[str, Any], doing: Doing, changes: tuple[Change, ...]
) -> tuple[Change, ...]:
    """Records the withdrawal that the row tells, where it is another than the register's."""
    if not changes:
        return changes
    if not said["withdrawn_on"]:
        raise ValidationError(
            {"withdrawn_on": _("It withdrew on %(day)s.") % {"day": signature.withdrawn_on}}
        )
    facts = {"on": said["withdrawn_on"], "source": said["withdrawal_source"]}
    writing = doing.writing(signature.member, SIGNATURES)
    act = statements.correct_withdrawal if signature.withdrawn_on else statements.withdraw
    try:
        act(signature.member, writing, signature=signature, **facts)
    except ValidationError as error:
        raise ValidationError({"withdrawn_on": error.messages}) from error
    return changes


def _treaty(said: dict[str, Any], doing: Doing) -> Effect:
    member, stage = said["member"], said["stage"]
    words = f"{member.code}, {stage}"
    there = member.treaty_facts.filter(stage=stage).first()
    changes = _changes(there, {name: said[name] for name in ("on", "source")}) if there else ()
    if there and not changes:
        return Effect(SAME, words)
    facts = {name: said[name] for name in ("stage", "on", "source")}
    records.record_treaty(member, doing.writing(member, TREATIES), **facts)
    return Effect(CHANGED if there else ADDED, words, changes)


def _past_report(said: dict[str, Any], doing: Doing) -> Effect:
    member, facts = said["member"], {name: said[name] for name in said if name != "member"}
    words = f"{member.code}, {said['year']}: {said['title']}"
    there = ReportElsewhere.objects.filter(member=member, url=said["url"]).first()
    changes = _changes(there, facts) if there else ()
    if there and not changes:
        return Effect(SAME, words)
    writing = doing.writing(member, (ReportElsewhere.pgh_event_model,))  # type: ignore[attr-defined]
    link_report(member, writing, **facts)
    return Effect(CHANGED if there else ADDED, words, changes)


def _changes(held: Model, facts: dict[str, Any]) -> tuple[Change, ...]:
    """The columns in which the row says something else than the register, with both values."""
    before = {name: getattr(held, name) for name in facts}
    return tuple(
        (name, _cell(before[name]), _cell(value))
        for name, value in facts.items()
        if before[name] != value
    )


def _cell(value: Any) -> str:
    """A value as a file of rows writes it."""
    return "" if value is None else str(value)


def _contact(said: dict[str, Any], doing: Doing) -> Effect:
    member, email, role = said["member"], said["email"].lower(), said["role"]
    words = f"{member.code}, {email}"
    facts = {"kind": role, "member": member}
    held = Role.objects.in_force(doing.at.date()).filter(user__email=email, **facts)
    invited = Invitation.objects.unanswered().filter(email=email, **facts)
    if held.exists() or invited.exists():
        return Effect(SAME, words)
    letter = {name: said[name] for name in LETTER}
    people.invite(email, role, member, by=doing.by, at=doing.at, **letter)
    return Effect(ADDED, words)


def _members_held() -> Iterator[dict[str, Any]]:
    found = Member.objects.named(dt.datetime.now(dt.UTC).date())
    for member in found.select_related("part_of", "reports_through"):
        row = {name: getattr(member, name, "") for name in MemberRow.base_fields}
        through = {name: row[name].code if row[name] else "" for name in THROUGH}
        yield {**row, **through, "name": member.display_name}


def _signatures_held() -> Iterator[dict[str, Any]]:
    for one in Signature.objects.select_related("member", "statement", "name"):
        yield {
            "member": one.member.code,
            "statement": one.statement.code,
            "name_as_printed": one.name.text,
            "signed_on": one.signed_on,
            "source": one.name.source,
            "withdrawn_on": one.withdrawn_on,
            "withdrawal_source": one.withdrawal_source,
        }


def _treaties_held() -> Iterator[dict[str, Any]]:
    for fact in TreatyFact.objects.filter(treaty=TreatyFact.LANZAROTE).select_related("member"):
        yield {"member": fact.member.code, **_fields(fact, "stage", "on", "source")}


def _contacts_held() -> Iterator[dict[str, Any]]:
    acting = Role.objects.in_force(dt.datetime.now(dt.UTC).date()).filter(kind__in=Role.OF_A_MEMBER)
    roles = list(acting.filter(user__is_active=True).select_related("member", "user"))
    offers = Invitation.objects.behind(roles)
    for role in roles:
        letter = _fields(offers[role.pk], *LETTER) if role.pk in offers else {}
        told = {"email": role.user.email, "role": role.kind, **dict.fromkeys(LETTER, ""), **letter}
        yield {"member": role.member.code, **told}


def _past_reports_held() -> Iterator[dict[str, Any]]:
    for link in ReportElsewhere.objects.select_related("member"):
        told = _fields(link, "year", "title", "url", "language", "source")
        yield {"member": link.member.code, **told}


def _fields(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


LETTER = ("nominated_by", "nominated_on", "nomination")
THROUGH = ("part_of", "reports_through")
WITHDRAWAL = ("withdrawn_on", "withdrawal_source")
KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "members", gettext_lazy("Members"), MemberRow, _member, _members_held, {"on": "left_on"}
        ),
        Kind(
            "signatures",
            gettext_lazy("Signatures"),
            SignatureRow,
            _signature,
            _signatures_held,
            {"on": "signed_on", "printed": "name_as_printed", "text": "name_as_printed"},
        ),
        Kind("treaties", gettext_lazy("Treaty record"), TreatyRow, _treaty, _treaties_held),
        Kind(
            "reports",
            gettext_lazy("Reports of earlier rounds that exist elsewhere"),
            ReportRow,
            _past_report,
            _past_reports_held,
        ),
        Kind(
            "contacts",
            gettext_lazy("Contacts: each is invited"),
            ContactRow,
            _contact,
            _contacts_held,
        ),
    )
}
