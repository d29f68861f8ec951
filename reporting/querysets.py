"""What can be asked of reports, answers and published rows."""

import datetime as dt
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from members import rules
from members.models import Event
from members.querysets import in_force


def members_of(person: Any) -> list[int]:
    """The keys of the members that a person writes for."""
    acting = [r.member_id for r in rules.roles(person) if r.kind in r.OF_A_MEMBER]
    return [key for key in acting if key is not None]


# As `Report.is_unconfirmed` says it of one report.
_UNCONFIRMED = ~models.Q(received_as="online") & models.Q(confirmed_at=None)


def _seen(now: dt.datetime) -> models.Q:
    """Accepted reports that may be published; as `workflow` says it of one report.

    A report that the member objects to is not among them, however long ago it was accepted.
    """
    today = dt.datetime.combine(now.astimezone(dt.UTC).date(), dt.time.max, tzinfo=dt.UTC)
    accepted_by = today - dt.timedelta(days=settings.PREVIEW_DAYS)
    over = models.Q(accepted_at__lte=accepted_by, objected_at=None)
    return models.Q(agreed_at__isnull=False) | over


def _withdrawals() -> models.QuerySet:
    """The publications of the outer report's newest version that a public note ended."""
    versions = apps.get_model("reporting", "Version").objects.order_by("-number")
    newest = versions.filter(report=OuterRef(OuterRef("pk"))).values("number")[:1]
    shown = apps.get_model("reporting", "PublishedReport").objects.exclude(withdrawn_because="")
    own = {"cycle": OuterRef("cycle__code"), "member": OuterRef("member__code")}
    return shown.filter(**own, version=Subquery(newest)).order_by("-shown_until", "-pk")


class CycleQuerySet(models.QuerySet):
    def collected(self) -> Self:
        """The rounds in which reports are collected here: from the setting FIRST_CYCLE on."""
        return self.filter(code__gte=str(settings.FIRST_CYCLE))

    def begun(self, day: dt.date) -> Self:
        """The collected rounds that have opened by `day` (UTC), closed ones too."""
        return self.collected().filter(opens_on__lte=day)


class ExtensionQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Excuses, and days after the round's own; not what was taken back."""
        later = models.Q(due_on__gt=models.F("cycle__due_on"))
        return self.filter(later | models.Q(due_on=None))


class ErratumQuerySet(models.QuerySet):
    def shown(self, day: dt.date | None = None) -> Self:
        """The entries published by the end of `day` (UTC); without a day all there are."""
        return self.all() if day is None else self.filter(published_on__lte=day)


class ReportQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> Self:
        """The reports a person may open: their members' own, and all for the secretariat."""
        if rules.in_secretariat(person):
            return self
        return self.written_by(person)

    def written_by(self, person: Any) -> Self:
        """The reports of the members that a person writes for, and those that it enters."""
        own = models.Q(member__in=members_of(person))
        if rules.in_secretariat(person):
            own |= models.Q(entered_by=person) & _UNCONFIRMED
        return self.filter(own)

    def waiting(self, now: dt.datetime) -> Self:
        """The submitted reports whose review nobody has begun."""
        return self.filter(state="submitted", review_started_at=None)

    def in_review(self, now: dt.datetime) -> Self:
        """The submitted reports that a reviewer has begun with."""
        return self.filter(state="submitted", review_started_at__isnull=False)

    def of_reviewer(self, person: Any) -> Self:
        """The submitted reports that this person has taken or was assigned."""
        return self.filter(state="submitted", reviewer=person)

    def of_nobody(self) -> Self:
        """The submitted reports that no reviewer has."""
        return self.filter(state="submitted", reviewer=None)

    def unconfirmed(self, now: dt.datetime) -> Self:
        """The submitted reports that were entered, and that their members have not confirmed."""
        return self.filter(_UNCONFIRMED, state="submitted")

    def returned(self, now: dt.datetime) -> Self:
        """The reports that their members are mending."""
        return self.filter(state="returned")

    def publishable(self, now: dt.datetime) -> Self:
        """The accepted reports whose member agreed, or has had its days to look."""
        return self._never_withdrawn().filter(_seen(now))

    def previewed(self, now: dt.datetime) -> Self:
        """The accepted reports that the member may still look at."""
        return self._never_withdrawn().filter(objected_at=None).exclude(_seen(now))

    def _never_withdrawn(self) -> Self:
        return self.filter(~Exists(_withdrawals()), state="accepted")

    def withdrawn(self, now: dt.datetime) -> Self:
        """The accepted reports whose very version was public until it was withdrawn.

        They wait for a decision: to be returned, or published again for a reason.
        """
        return self.filter(Exists(_withdrawals()), state="accepted", objected_at=None)

    def objected(self, now: dt.datetime) -> Self:
        """The accepted reports whose member says that something is wrong, not answered yet."""
        return self.filter(state="accepted", objected_at__isnull=False)

    def aged(self) -> Self:
        """The reports with `since`: when each came to where it stands; none for a draft.

        And with `withdrawn_on` and `withdrawn_because`: the day and the public note by which its
        newest version was last withdrawn from publication, if it was.
        """
        versions = self.model._meta.get_field("versions").related_model.objects
        came = versions.filter(report=OuterRef("pk")).order_by("-number").values("submitted_at")
        code = (OuterRef("cycle__code"), Value("-"), OuterRef("member__code"))
        chain = Concat(Value("report:"), *code, output_field=models.CharField())
        told = Event.objects.filter(chain=chain).order_by("-number").values("at")
        back = told.filter(verb__in=["send_back", "dispute"])
        gone = Subquery(_withdrawals().values("shown_until")[:1])
        return self.annotate(
            withdrawn_on=gone,
            withdrawn_because=Subquery(_withdrawals().values("withdrawn_because")[:1]),
            since=Case(
                When(state="submitted", then=Coalesce("review_started_at", Subquery(came[:1]))),
                When(state="returned", then=Coalesce(Subquery(back[:1]), "first_submitted_at")),
                When(objected_at__isnull=False, then="objected_at"),
                When(
                    state="accepted",
                    then=Coalesce(Cast(gone, models.DateTimeField()), "accepted_at"),
                ),
                output_field=models.DateTimeField(),
            ),
        )

    def coded(self, code: str) -> Self:
        """The report with the identifier `2026-ALB`, if there is one."""
        cycle, _dash, member = code.partition("-")
        return self.filter(cycle__code=cycle, member__code=member)


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> Self:
        """The answers of the reports that a person may open."""
        reports = self.model._meta.get_field("report").related_model
        return self.filter(report__in=reports.objects.visible_to(person))


class CommentQuerySet(models.QuerySet):
    def seen_by(self, person: Any) -> Self:
        """The comments on the reports a person may open; members never see internal ones.

        Whoever represents a member reads as the member does, also with a role in the secretariat.
        """
        own = models.Q(report__member__in=members_of(person))
        if rules.in_secretariat(person):
            return self.exclude(own & models.Q(internal=True))
        return self.filter(own, internal=False).exclude(self._hidden_from(person))

    def _hidden_from(self, person: Any) -> models.Q:
        """The comments on what a contributor with a narrowed view was not asked for."""
        speaks = [r.member_id for r in rules.roles(person) if r.kind == r.Kind.FOCAL_POINT]
        narrowed = person.restrictions.open().exclude(member__in=speaks)
        asked = person.assignments.filter(
            ended_at__isnull=True,
            answer__report=models.OuterRef("report"),
            answer__commitment=models.OuterRef("commitment"),
        )
        members = list(narrowed.values_list("member", flat=True))
        return models.Q(report__member__in=members) & ~models.Q(models.Exists(asked))

    def open(self) -> Self:
        """The threads that no reviewer has settled, by their first comment."""
        return self.filter(reply_to=None, resolved_at=None)

    def objections(self) -> Self:
        """The threads that a member began: what is wrong with what the public would read."""
        return self.filter(reply_to=None, by_member=True)

    def waiting_for_the_member(self) -> Self:
        """The open threads in which the member has not had the last word.

        The member has it after a reply, or once it saved the answer after the comment.
        """
        of_thread = self.model._default_manager.filter(reply_to=models.OuterRef("pk")).order_by(
            "-pk"
        )
        answers = self.model._meta.get_field("report").related_model.answers.rel.related_model
        changed = answers.objects.filter(
            report=models.OuterRef("report"),
            commitment=models.OuterRef("commitment"),
            saved_at__gt=models.OuterRef("written_at"),
        )
        last = models.Subquery(of_thread.values("by_member")[:1])
        replied = Coalesce(last, models.F("by_member"))
        begun = self.open().filter(internal=False).annotate(replied=replied)
        return begun.filter(replied=False).exclude(models.Exists(changed))


class AssignmentQuerySet(models.QuerySet):
    def counting(self, day: dt.date) -> Self:
        """The open ones whose person acts for the member on that day and may sign in."""
        open_ones = self.filter(ended_at__isnull=True, person__is_active=True)
        acting = _roles_of_members(self.model, day).filter(
            user=models.OuterRef("person"), member=models.OuterRef("answer__report__member")
        )
        return open_ones.filter(models.Exists(acting))


class RestrictionQuerySet(models.QuerySet):
    def open(self) -> Self:
        """The ones that hold now."""
        return self.filter(ended_at__isnull=True)


def _roles_of_members(model: type[models.Model], day: dt.date) -> Any:
    """The roles of those who act for a member, in force on that day."""
    users = model._meta.get_field("person").related_model
    roles = users._meta.get_field("roles").related_model
    return roles.objects.in_force(day).filter(kind__in=roles.OF_A_MEMBER)


class ShownQuerySet(models.QuerySet):
    def shown(self, day: dt.date | None = None) -> Self:
        """The published rows shown at the end of `day` (UTC); without a day, those shown now."""
        if day is None:
            return self.filter(shown_until__isnull=True)
        return self.filter(in_force(day, "shown_from", "shown_until"))


class GuidanceQuerySet(models.QuerySet):
    def newest(self) -> Self:
        """The row that counts for each clause: the last one written, an empty one too."""
        return self.order_by("commitment_id", "-number").distinct("commitment_id")
