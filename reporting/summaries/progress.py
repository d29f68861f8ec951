"""How far a long job is, in the database while it runs, so that staff can look."""

import datetime as dt

from django.db.models import F

from members import lateness
from members.models import PublicVersion

from ..models import Build

KEPT = 100  # runs of each job whose length can still be read


class Run:
    """A row of a run that has begun. What is told is public to staff when it is committed."""

    def __init__(self, job: str, *, whole: bool) -> None:
        old = Build.objects.filter(job=job).values_list("pk", flat=True)[KEPT:]
        Build.objects.filter(pk__in=list(old)).delete()
        started = dt.datetime.now(dt.UTC)
        self.row = Build.objects.create(job=job, whole=whole, started_at=started)

    def tell(self, step: str, done: int = 0, of: int = 0) -> None:
        """Says which step it is at, and how much of it is done."""
        self._update(step=step, done=done, of=of)

    def note(self, **facts: object) -> None:
        """Keeps a fact about the run."""
        self._update(**facts)

    def finish(self, written: int) -> None:
        """Says that it is over, and how much came of it."""
        now = dt.datetime.now(dt.UTC)
        self._update(finished_at=now, written=written, step="", done=0, of=0)

    def _update(self, **facts: object) -> None:
        Build.objects.filter(pk=self.row.pk).update(**facts)


def newest(job: str) -> Build | None:
    """The run of a job that began last, finished or not."""
    return Build.objects.filter(job=job).order_by("-pk").first()


def stale_since(now: dt.datetime) -> dt.datetime | None:
    """When the summaries were last built, where that should have been done anew by now.

    They are stale when something public moved since, or a day began, and the timetable has had
    its turns; never built, they have been so since the first moment.
    """
    last = last_finished(Build.Job.SUMMARIES)
    if last is None:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    stamp = PublicVersion.objects.values_list("number", flat=True).first() or 0
    fresh = last.public_version == stamp and last.started_at.date() == now.date()
    had_its_turns = now - last.started_at > lateness.limits()[lateness.SUMMARIES]
    return last.started_at if had_its_turns and not fresh else None


def last_finished(job: str) -> Build | None:
    """The last run of a job that came to its end: its length is what to expect of the next."""
    done = Build.objects.filter(job=job, finished_at__isnull=False)
    return done.order_by(F("pk").desc()).first()
