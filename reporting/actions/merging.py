"""Two records of one member become one: what moves, what stands in the way, and the move."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import DraftName, Participation, Position, Signature
from members import rules
from members.actions.records import store
from members.events import record
from members.models import (
    FormerCode,
    Freeze,
    GroupMember,
    Invitation,
    LoadedRow,
    Member,
    Name,
    Role,
    Succession,
    Suspension,
    TreatyFact,
    User,
)

from ..models import (
    Extension,
    ExtensionRequest,
    Observation,
    PublishedObservation,
    PublishedReport,
    Receipt,
    Reminder,
    Report,
    ReportElsewhere,
    Restriction,
    Summary,
)
from .weighing import Difference, Weight, chosen_facts, differences, weigh


@dataclass(frozen=True)
class Part:
    """Rows that name a member. `same`: what two rows share that say the same fact.

    `says`: rows that say anything; one that was taken back gives way (`_move_figures`).
    `stays`: rows that cannot move, so that where there are such the records are not merged.
    """

    label: Any
    model: Any
    same: tuple[str, ...] = ()
    via: str = "member"
    only: Q = field(default_factory=Q)
    says: Q = field(default_factory=Q)
    stays: bool = False

    def of(self, member: Member) -> Any:
        return self.model._base_manager.filter(self.only, **{self.via: member})


OPEN = Q(until__isnull=True)
PRINTED = ~Q(statement="")
TOLD = ~Q(state=Observation.State.NOT_GIVEN)
# Every row that names a member stands here; a test looks for those that do not.
PARTS = (
    Part(gettext_lazy("Printed names"), Name, ("statement",), only=PRINTED),
    Part(gettext_lazy("Own names"), Name, only=~PRINTED),
    Part(gettext_lazy("Places in groups"), GroupMember, ("group_id",)),
    Part(gettext_lazy("Signatures"), Signature, ("statement_id",)),
    Part(gettext_lazy("Names in drafts of statements"), DraftName, ("draft_id",)),
    Part(gettext_lazy("Positions"), Position, ("statement_id", "on_endorsement", "on")),
    Part(gettext_lazy("Attendance"), Participation, ("meeting_id",)),
    Part(gettext_lazy("Treaties"), TreatyFact, ("treaty", "stage")),
    Part(gettext_lazy("Roles of people"), Role, ("user_id", "kind"), only=OPEN),
    Part(gettext_lazy("Former roles"), Role, only=~OPEN),
    Part(gettext_lazy("Invitations"), Invitation),
    Part(gettext_lazy("Drafts of reports"), Report, ("cycle_id",)),
    Part(gettext_lazy("Decisions about due dates"), Extension, ("cycle_id",)),
    Part(gettext_lazy("Yearly figures"), Observation, ("indicator_id", "year"), says=TOLD),
    Part(gettext_lazy("Reminders"), Reminder),
    Part(gettext_lazy("Reports of earlier rounds that exist elsewhere"), ReportElsewhere, ("url",)),
    Part(gettext_lazy("Members that are part of it"), Member, via="part_of"),
    Part(gettext_lazy("Members that report through it"), Member, via="reports_through"),
    Part(gettext_lazy("Codes of records merged before"), FormerCode),
    Part(gettext_lazy("Suspensions"), Suspension, stays=True),
    Part(gettext_lazy("Successions"), Succession, stays=True),
    Part(gettext_lazy("Successions"), Succession, via="former", stays=True),
    Part(gettext_lazy("Times in which it was frozen"), Freeze, stays=True),
    Part(gettext_lazy("Narrowed views"), Restriction, stays=True),
    Part(gettext_lazy("Requests about due dates"), ExtensionRequest, stays=True),
)
PUBLISHED = (PublishedReport, PublishedObservation, Receipt)


@dataclass(frozen=True)
class Preview:
    """What would move (label, rows in words), why it cannot be done ([]: nothing in the way), and
    what the records say differently. `weight` once it was chosen between them: what is owed then.
    """

    moves: list[tuple[str, list[str]]]
    refusals: list[str]
    differences: list[Difference]
    chosen: dict[str, str]
    weight: Weight | None = None

    @property
    def digest(self) -> str:
        """What tells that what is done is what was shown."""
        seen = (self.moves, self.refusals, self.differences, self.chosen, self.weight)
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def preview(former: Member, into: Member, chosen: Mapping[str, str] | None = None) -> Preview:
    """What merging `former` into `into` would do, and all that stands in its way.

    `chosen` says of each difference which record's value holds. Given, the merge is tried and
    undone, so that the preview tells what would be owed. Raises ValidationError, by difference,
    for what was not chosen.
    """
    moves, refusals = [], list(_whole(former, into))
    for part in PARTS:
        rows = list(part.of(former))
        if not rows:
            continue
        moves.append((str(part.label), [str(row) for row in rows]))
        refusals += _clashes(part, former, into)
    apart = differences(former, into)
    if refusals or chosen is None:
        return Preview(moves, refusals, apart, {})
    facts = chosen_facts(former, into, chosen)
    weight = weigh(former, into, lambda: _move(former, into, facts))
    return Preview(moves, refusals, apart, {one.name: chosen[one.name] for one in apart}, weight)


@transaction.atomic
def merge(
    former: Member,
    into: Member,
    *,
    chosen: Mapping[str, str],
    seen: str,
    because: str,
    by: User,
    at: dt.datetime,
) -> Member:
    """The member that holds all of both from now on; the record of `former` is no more.

    Its code leads here and is never given again; its history stands in that of `into`. `chosen`
    says of each difference whose value holds, `seen` is the digest of the preview that was read.
    Raises PermissionDenied for anyone but an administrator, ValidationError where something
    stands in the way or has changed since.
    """
    if not rules.administers(by):
        raise PermissionDenied("merge: administrator")
    held = {m.pk: m for m in Member.objects.select_for_update(of=("self",)).order_by("pk")}
    former, into = held[former.pk], held[into.pk]
    found = preview(former, into, chosen)
    if found.refusals:
        raise ValidationError(found.refusals)
    if found.digest != seen:
        raise ValidationError(_("It has changed since you looked at it. Look again."))
    told = {"former": former.code, "into": into.code, "moved": sum(len(r) for _n, r in found.moves)}
    kept = {"code": former.code, "key": former.pk, "merged_at": at, "merged_by": by}
    with pghistory.context(person=by.pk, verb="merged"):
        _move(former, into, chosen_facts(former, into, chosen))
        FormerCode.objects.create(**kept, member=into, because=because)
    Summary.objects.shown().filter(scope=f"member-{former.code}").update(
        shown_until=at.astimezone(dt.UTC).date()
    )
    for code in (former.code, into.code):
        about = f"member:{code}"
        record("merged", by=by, about=about, chain=about, at=at, **told, chosen=found.chosen)
    return into


def _move(former: Member, into: Member, facts: Mapping[str, Any]) -> None:
    """Moves what names `former`, lets it go, and gives `into` the facts that were chosen."""
    stays = Member.objects.get(pk=into.pk)
    try:
        with transaction.atomic():
            _move_names(former, into)
            _move_figures(former, into)
            for part in PARTS:
                part.of(former).update(**{part.via: into})
            Member.objects.filter(pk=former.pk)._raw_delete(using="default")  # type: ignore[attr-defined]
            for name, value in facts.items():
                setattr(stays, name, value)
            if facts:
                store(stays)
    except IntegrityError as error:
        raise ValidationError(_("The database refuses it: both hold the same fact.")) from error


def _move_names(former: Member, into: Member) -> None:
    """Own names go along as names it is also known by, so that what it is shown as stays."""
    there = set(into.names.values_list("statement", "text", "since"))
    for name in former.names.filter(statement=""):
        if (name.statement, name.text, name.since) in there:
            name.delete()
    former.names.filter(statement="").update(kind=Name.Kind.ALSO, member=into)


def _move_figures(former: Member, into: Member) -> None:
    """Of two rows for a year the one taken back goes; the other gets a version new to both.

    So a form opened before the merge meets a conflict and never overwrites what it did not show.
    """
    for row in former.observations.all():
        there = into.observations.filter(indicator=row.indicator, year=row.year).first()
        if there:
            gone, kept = (
                (there, row) if there.state == Observation.State.NOT_GIVEN else (row, there)
            )
            Observation.objects.filter(pk=gone.pk).exclude(TOLD).delete()
            kept.version = max(row.version, there.version) + 1
            kept.save(update_fields=["version"])


def _whole(former: Member, into: Member) -> Iterator[str]:
    """What of the records as a whole stands in the way."""
    if former.pk == into.pk:
        yield _("Choose another record than this one.")
    if former.kind != into.kind:
        yield _("They are of different kinds.")
    days = {former.joined_on, into.joined_on} - {None}
    if former.left_on or len(days) > 1:
        yield _(
            "They joined or left on days of their own: that is no record kept twice. Where such a "
            "day was typed wrong, correct it first, under Membership in the record that has it."
        )
    tied = (into.part_of_id, into.reports_through_id, former.part_of_id, former.reports_through_id)
    if former.pk in tied or into.pk in tied:
        yield _("One is part of the other, or reports through it.")
    if LoadedRow.objects.filter(dataset="members", key=former.code).exists():
        yield _("%(code)s stands in the registry's files. Merge the other record into it.") % {
            "code": former.code
        }
    if any(model.objects.filter(member=former.code).exists() for model in PUBLISHED):
        yield _("Something has been published under its code.")
    if Report.objects.filter(member=former, versions__isnull=False).exists():
        yield _("A report has been submitted under its code, and its acknowledgement says so.")


def _clashes(part: Part, former: Member, into: Member) -> list[str]:
    """The rows that cannot move, in words."""
    words = {"what": part.label}
    if part.stays:
        return [_("%(what)s: these stay with the record that they were made for.") % words]
    if not part.same:
        return []
    there = set(part.of(into).filter(part.says).values_list(*part.same))
    rows = part.of(former).filter(part.says)
    twice = [row for row in rows if tuple(getattr(row, name) for name in part.same) in there]
    said = _("%(what)s: both hold the same fact (%(row)s).")
    return [said % {**words, "row": row} for row in twice]
