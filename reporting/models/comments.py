"""What reviewers and members say to each other about a report. None of it is ever public."""

import pgtrigger
from django.db import models
from django.db.models import Q

from commitments.models import Commitment
from members.models import User
from members.text import ProseField

from ..querysets import CommentQuerySet
from .reports import Report

_IN_ITS_THREAD = """
IF NEW.reply_to_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM reporting_comment AS first
    WHERE first.id = NEW.reply_to_id AND first.reply_to_id IS NULL
    AND first.report_id = NEW.report_id AND first.internal = NEW.internal
    AND first.commitment_id IS NOT DISTINCT FROM NEW.commitment_id
) THEN RAISE EXCEPTION 'a reply stands in the thread of its comment'; END IF;
RETURN NEW;
"""


class Comment(models.Model):
    """A word on one answer, or on the whole report where no commitment is named.

    A reviewer begins a thread, for the member or for the secretariat alone (`internal`); the member
    begins one where it objects to what the public would read. Replies have what their thread has.
    A thread is settled when a reviewer resolves its first comment.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="comments")
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reply_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    text = ProseField()
    internal = models.BooleanField(help_text="The member does not see it.")
    by_member = models.BooleanField(help_text="As whom its writer spoke.")
    version = models.PositiveSmallIntegerField(help_text="Of the report, as its writer read it.")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [
            pgtrigger.ReadOnly(
                name="comment_reads_the_same", exclude=["resolved_by", "resolved_at"]
            ),
            pgtrigger.Protect(name="comment_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="comment_in_its_thread",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_IN_ITS_THREAD,
            ),
        ]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="comment_of_a_member_is_no_secret",
                condition=Q(by_member=False) | Q(internal=False),
            ),
            models.CheckConstraint(
                name="comment_resolved_by_somebody_once",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, reply_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: comment {self.pk}"
