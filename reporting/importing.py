"""Importing rows of a kind, all of them or none; a trial is the same, undone at the end.

Each row is what one action does, so an import can do nothing that a person could not do at the
desk, and the history and the events say so. A row that says what the register says already
changes nothing, so a file may be imported twice.
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import actions as statements
from commitments.models import Signature
from commitments.views.record import COPIES as SIGNATURES
from members import actions as people
from members import rules
from members.actions import records
from members.actions.records import Writing
from members.history import Copies, version_of
from members.languages import SEMICOLON, joined
from members.models import Invitation, Member, Role, TreatyFact, User
from members.text import normalise
from members.views.record_tabs import MEMBERSHIP, TREATIES

from .actions.elsewhere import link_report
from .forms.importing import MOST_ROWS, ContactRow, MemberRow, ReportRow, SignatureRow, TreatyRow
from .models import ReportElsewhere
from .tables.cells import csv_text

ADDED, CHANGED, SAME = "added", "changed", "same"

# What a row did: one of the three words above, and what it was about.
Effect = tuple[str, str]


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


@dataclass
class Trial:
    """What the rows do, and what is wrong with them, by row and column. Row 1 is the header."""

    effects: list[tuple[int, str, str]] = field(default_factory=list)
    errors: list[tuple[int, str, str]] = field(default_factory=list)

    def count(self, deed: str) -> int:
        return sum(one == deed for _row, one, _words in self.effects)


def digest(kind: str, text: str) -> str:
    """What tells that the rows to be saved are those that were tried."""
    return hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()


def bring(kind: Kind, text: str, doing: Doing, *, keep: bool) -> Trial:
    """Does what the rows say, if every one is right; `keep` false undoes it all at the end."""
    if not rules.keeps_reference_data(doing.by):
        raise PermissionDenied
    trial = Trial()
    rows = list(_rows(kind, text, trial))
    if not trial.errors:
        with transaction.atomic():
            for number, fields in rows:
                _bring_row(kind, number, fields, doing, trial)
            if trial.errors or not keep:
                transaction.set_rollback(True)
    return trial


def _bring_row(kind: Kind, number: int, fields: dict[str, str], doing: Doing, trial: Trial) -> None:
    form = kind.form(fields)
    if form.is_valid():
        try:
            with transaction.atomic():
                deed, words = kind.bring(form.cleaned_data, doing)
            trial.effects.append((number, deed, words))
            return
        except ValidationError as error:
            _refused(kind, form, error)
    for name, said in form.errors.items():
        column = "" if name == "__all__" else name
        trial.errors += [(number, column, words) for words in said]


def _refused(kind: Kind, form: forms.Form, error: ValidationError) -> None:
    """What an action refuses, at the column that its field came from."""
    named = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in named.items():
        column = kind.called.get(name, name)
        form.add_error(column if column in form.fields else None, errors)


def _rows(kind: Kind, text: str, trial: Trial) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows by number, as text; what is wrong with the table as such goes to the trial."""
    try:
        read = csv.reader(io.StringIO(normalise(text), newline=""), strict=True)
        header = next(read, [])
        if not _is_agreed(header, kind.columns, trial):
            return
        for number, cells in enumerate(read, start=2):
            if number > MOST_ROWS + 1:
                trial.errors.append((number, "", _("More than %(n)d rows.") % {"n": MOST_ROWS}))
                return
            if len(cells) != len(header):
                words = {"n": len(cells), "of": len(header)}
                said = _("%(n)d cells where the header has %(of)d.") % words
                trial.errors.append((number, "", said))
            else:
                yield number, dict(zip(header, map(csv_text, cells), strict=True))
    except (csv.Error, ValidationError) as error:
        said = (
            joined(error.messages, SEMICOLON) if isinstance(error, ValidationError) else str(error)
        )
        trial.errors.append((0, "", said))


def _is_agreed(header: Sequence[str], agreed: Sequence[str], trial: Trial) -> bool:
    wrong = [(name, _("This column is missing.")) for name in agreed if name not in header]
    wrong += [(name[:40], _("Unknown column.")) for name in header if name not in agreed]
    wrong += [(n, _("This column stands there twice.")) for n in set(header) if header.count(n) > 1]
    trial.errors += [(1, name, said) for name, said in wrong]
    return not wrong


# ---- the kinds


def _member(said: dict[str, Any], doing: Doing) -> Effect:
    facts = {name: value for name, value in said.items() if name not in ("code", "name")}
    member = Member.objects.filter(code=said["code"]).first()
    if member is None:
        records.admit(said["code"], said["name"], facts, by=doing.by, at=doing.at)
        return ADDED, f"{said['code']} ({said['name']})"
    shown = Member.objects.named(doing.at.date()).get(pk=member.pk)
    if said["name"] != shown.display_name:
        told = _("It is shown as “%(name)s”. A new name needs its day and source: use its record.")
        raise ValidationError({"name": told % {"name": shown.display_name}})
    changed = [name for name, value in facts.items() if getattr(member, name) != value]
    if not changed:
        return SAME, member.code
    records.revise(member, doing.writing(member, MEMBERSHIP), {n: facts[n] for n in changed})
    return CHANGED, f"{member.code}: {joined(changed)}"


def _signature(said: dict[str, Any], doing: Doing) -> Effect:
    member, statement = said["member"], said["statement"]
    words = f"{member.code}, {statement.code}"
    held = Signature.objects.filter(member=member, statement=statement).select_related("name")
    if held.filter(name__text=said["name_as_printed"], signed_on=said["signed_on"]).exists():
        return SAME, words
    if there := held.filter(withdrawn_on=None).first():
        same_day = there.signed_on == said["signed_on"]
        column = "name_as_printed" if same_day else "signed_on"
        told = _("It stands there already, with %(stands)s.")
        stands = there.name.text if same_day else there.signed_on
        raise ValidationError({column: told % {"stands": stands}})
    facts = {"printed": said["name_as_printed"], "on": said["signed_on"]}
    writing = doing.writing(member, SIGNATURES)
    statements.accede(member, writing, statement=statement, source=said["source"], **facts)
    return ADDED, words


def _treaty(said: dict[str, Any], doing: Doing) -> Effect:
    member, stage = said["member"], said["stage"]
    words = f"{member.code}, {stage}"
    there = member.treaty_facts.filter(stage=stage).first()
    if there and (there.on, there.source) == (said["on"], said["source"]):
        return SAME, words
    facts = {name: said[name] for name in ("stage", "on", "source")}
    records.record_treaty(member, doing.writing(member, TREATIES), **facts)
    return (CHANGED if there else ADDED), words


def _past_report(said: dict[str, Any], doing: Doing) -> Effect:
    member, facts = said["member"], {name: said[name] for name in said if name != "member"}
    words = f"{member.code}, {said['year']}: {said['title']}"
    there = ReportElsewhere.objects.filter(member=member, url=said["url"]).first()
    if there and all(getattr(there, name) == value for name, value in facts.items()):
        return SAME, words
    writing = doing.writing(member, (ReportElsewhere.pgh_event_model,))  # type: ignore[attr-defined]
    link_report(member, writing, **facts)
    return (CHANGED if there else ADDED), words


def _contact(said: dict[str, Any], doing: Doing) -> Effect:
    member, email, role = said["member"], said["email"].lower(), said["role"]
    words = f"{member.code}, {email}"
    facts = {"kind": role, "member": member}
    held = Role.objects.in_force(doing.at.date()).filter(user__email=email, **facts)
    invited = Invitation.objects.unanswered().filter(email=email, **facts)
    if held.exists() or invited.exists():
        return SAME, words
    people.invite(email, role, member, by=doing.by, at=doing.at, nomination=said["nomination"])
    return ADDED, words


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
        }


def _treaties_held() -> Iterator[dict[str, Any]]:
    for fact in TreatyFact.objects.filter(treaty=TreatyFact.LANZAROTE).select_related("member"):
        yield {"member": fact.member.code, **_fields(fact, "stage", "on", "source")}


def _contacts_held() -> Iterator[dict[str, Any]]:
    acting = Role.objects.in_force(dt.datetime.now(dt.UTC).date()).filter(kind__in=Role.OF_A_MEMBER)
    for role in acting.filter(user__is_active=True).select_related("member", "user"):
        told = {"email": role.user.email, "role": role.kind, "nomination": ""}
        yield {"member": role.member.code, **told}


def _past_reports_held() -> Iterator[dict[str, Any]]:
    for link in ReportElsewhere.objects.select_related("member"):
        told = _fields(link, "year", "title", "url", "language", "source")
        yield {"member": link.member.code, **told}


def _fields(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


THROUGH = ("part_of", "reports_through")
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
