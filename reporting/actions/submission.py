"""The member sends its report in: once, whole, as an immutable version."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from members.models import User

from .. import checks, questions, rules, workflow
from ..acknowledgements import fingerprint_of_name
from ..asked import basis_of
from ..models import Report, Version
from ..serializers import as_text, canonical_json
from .entering import came, received
from .form import keep_form
from .moving import NotReady, Unexplained, hold, record, today
from .notices import tell_of_entry, tell_of_report


@transaction.atomic
def submit(
    report: Report,
    *,
    by: User,
    key: uuid.UUID,
    at: dt.datetime,
    explained: Mapping[str, str] | None = None,
) -> Version:
    """The immutable version that the secretariat receives.

    The same `key` again returns the version it made. Raises NotReady while an owed question is
    blank or a begun answer is incomplete. `explained` holds a text for each warning by its key
    (`reporting.checks`); Unexplained is raised while one is missing, and the texts are kept with
    the version. None is for those who were shown no warnings: what no page submits.
    """
    held = hold(report)
    before = Version.objects.filter(report=held, submission_key=key).first()
    if before and rules.can_send(by, held):
        return before
    workflow.check("submit", held, by=by, on=today(at))
    asked = questions.questions(held)
    kept = _ready(held, asked, explained)
    version = _version(held, asked, kept, by=by, key=key, at=at)
    held.state = Report.State.SUBMITTED
    held.first_submitted_at = held.first_submitted_at or came(held, at)
    held.returned_because, held.agreed_at = "", None
    held.confirmed_at = at if held.was_entered and rules.can_submit(by, held) else None
    held.review_started_at, held.accepted_at = None, None
    held.save()
    record("submit", held, by=by, at=at, version=version.number, sha256=version.sha256)
    if held.is_unconfirmed:
        tell_of_entry(held, on=today(at), note=_acknowledged(version))
    else:
        tell_of_report(held, gettext_lazy("received"), on=today(at), note=_acknowledged(version))
    return version


def _acknowledged(version: Version) -> Promise:
    """What the mail says: enough to prove later what was sent, and nothing of the report."""
    words = gettext_lazy(
        "Reference: {code}, version {number}\nSubmitted: {time} UTC\nSHA-256: {sha256}\n"
        "Keep this mail: with these facts the submission can be proven."
    )
    page = f"{settings.SITE_URL}{reverse('verify')}"
    time = f"{version.submitted_at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"
    facts = {"code": version.report.code, "number": version.number, "sha256": version.sha256}
    return format_lazy("{said}\n{page}", said=format_lazy(words, time=time, **facts), page=page)


def _ready(
    report: Report, asked: list[questions.Question], explained: Mapping[str, str] | None
) -> list[dict[str, str]]:
    """The explanations to keep, when nothing blocks the report and nothing wants a word."""
    if missing := questions.blockers(asked):
        raise NotReady(missing)
    if explained is None:
        return []
    last = report.versions.order_by("number").last()
    if wanting := checks.unexplained(asked, last, explained):
        raise Unexplained(wanting)
    return checks.explanations(asked, last, explained)


def _version(
    report: Report,
    asked: list[questions.Question],
    explained: list[dict[str, str]],
    *,
    by: User,
    key: uuid.UUID,
    at: dt.datetime,
) -> Version:
    number = report.versions.count() + 1
    content = canonical_json(
        {
            "cycle": report.cycle.code,
            "member": report.member.code,
            "version": number,
            "language": report.language,
            "unofficial_translation": report.unofficial_translation,
            "submitted_at": as_text(at),
            # Known to the member alone: without it a guessed answer cannot be tried on the hash.
            "submission": str(key),
            **_said(report, asked, at),
            **received(report, by),
            **({"explained": explained} if explained else {}),
        }
    )
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Version.objects.create(
        report=report,
        number=number,
        submitted_at=at,
        submitted_by=by,
        submission_key=key,
        content=content,
        sha256=sha256,
        name_sha256=fingerprint_of_name(sha256, str(by)),
    )


def _said(report: Report, asked: list[questions.Question], at: dt.datetime) -> dict[str, Any]:
    """What was asked, in which form, and what was answered."""
    form = keep_form(report.cycle, at=at)
    return {
        "form": {"number": form.number, "sha256": form.sha256},
        "asked": [{"commitment": q.reference, **basis_of(q.line)} for q in asked],
        **questions.as_submitted(asked),
    }
