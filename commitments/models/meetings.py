"""Summits and meetings of the alliance, and who took part in them."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.text import LineField
from members.triggers import bumps_public_version, counts_changes, keeps_history

from .register import Statement

# A year outside of these is a slip of the pen.
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


def _hands_on_its_text() -> pgtrigger.Trigger:
    """Where the text of a meeting is corrected, the participations in it name the new one."""
    return pgtrigger.Trigger(
        name="hands_on_its_text",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition('OLD."statement_id" IS DISTINCT FROM NEW."statement_id"'),
        func=(
            "UPDATE commitments_participation SET statement_id = NEW.statement_id "
            "WHERE meeting_id = NEW.id; RETURN NULL;"
        ),
    )


def _takes_the_text_of_its_meeting() -> pgtrigger.Trigger:
    """A participation in a meeting names the text adopted there, whatever is written."""
    return pgtrigger.Trigger(
        name="takes_the_text_of_its_meeting",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Condition('NEW."meeting_id" IS NOT NULL'),
        func=(
            "NEW.statement_id = (SELECT m.statement_id FROM commitments_meeting m "
            "WHERE m.id = NEW.meeting_id); RETURN NEW;"
        ),
    )


@keeps_history
class Meeting(models.Model):
    """A summit or a meeting, from its first day to its last; public as soon as it is recorded."""

    class Kind(models.TextChoices):
        SUMMIT = "summit", _("summit")
        MEETING = "meeting", _("meeting")

    title = LineField(max_length=200)
    kind = LineField(max_length=8, choices=Kind)
    begins_on = models.DateField()
    ends_on = models.DateField(help_text=_("The last day."))
    place = LineField(max_length=100, blank=True)
    link = LineField(max_length=500, blank=True, help_text=_("https alone; never fetched."))
    statement = models.ForeignKey(
        Statement, models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    source = LineField(max_length=200)
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_because = LineField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("How often it was changed; calendars tell it.")
    )

    class Meta:
        ordering = ["-begins_on", "-pk"]
        triggers = [
            bumps_public_version(),
            counts_changes(
                *("title", "kind", "begins_on", "ends_on", "place", "link"),
                *("statement_id", "cancelled_on", "cancelled_because"),
            ),
            _hands_on_its_text(),
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))
            ),
            models.CheckConstraint(
                name="meeting_lies_in_these_centuries",
                condition=Q(begins_on__gte=EARLIEST, ends_on__lte=LATEST),
            ),
            models.CheckConstraint(
                name="meeting_has_title_and_source", condition=~Q(title="") & ~Q(source="")
            ),
            models.CheckConstraint(
                name="link_of_a_meeting_is_https",
                condition=Q(link="") | Q(link__startswith="https://"),
            ),
            models.CheckConstraint(
                name="cancelled_meeting_says_why_and_adopted_nothing",
                condition=Q(cancelled_on__isnull=True, cancelled_because="")
                | (
                    Q(cancelled_on__isnull=False, statement__isnull=True) & ~Q(cancelled_because="")
                ),
            ),
            models.UniqueConstraint(fields=["statement"], name="one_meeting_adopts_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.begins_on.isoformat()}"


@keeps_history
class Participation(models.Model):
    """The recorded fact that a member took part in a meeting.

    `statement` is the text adopted there, if any: the database copies it from the meeting, and
    the view of obligations reads it (basis `participation`).
    """

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    statement = models.ForeignKey(
        Statement, models.PROTECT, null=True, blank=True, related_name="participations"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="participations")
    source = LineField(max_length=200)

    class Meta:
        triggers = [bumps_public_version(), _takes_the_text_of_its_meeting()]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "member"], name="member_takes_part_in_a_summit_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "member"], name="member_takes_part_in_a_meeting_once"
            ),
            models.CheckConstraint(
                name="participation_is_in_a_meeting_or_behind_a_text",
                condition=Q(meeting__isnull=False) | Q(statement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} at {self.meeting or self.statement}"
