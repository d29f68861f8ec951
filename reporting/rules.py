"""Who may do what with a report. A rule asks about the person and the plain object, no more.

When it may be done is the matter of `reporting.workflow`, which objects a person sees that of
the querysets.
"""

from members import rules
from members.models import Member
from members.rules import Person

from .models import Report


def can_write(person: Person, report: Report) -> bool:
    """Focal points and contributors write for their own member, and who enters what came."""
    return rules.represents(person, report.member) or enters(person, report)


def can_start(person: Person, report: Report) -> bool:
    """As writing; a member that reports through another has no report of its own."""
    own = rules.represents(person, report.member)
    return own and report.member.reports_through_id is None


def can_enter(person: Person, report: Report) -> bool:
    """The secretariat begins a report that came on paper, but nobody for a member of its own."""
    staff = rules.in_secretariat(person) and not rules.represents(person, report.member)
    return staff and report.member.reports_through_id is None


def can_go_on(person: Person, report: Report) -> bool:
    """Whoever may enter a report goes on with one that a colleague began, but no reviewer of it."""
    return can_enter(person, report) and report.reviewer_id != person.pk


def enters(person: Person, report: Report) -> bool:
    """Is it this person of the secretariat that enters the report? Until the member confirms."""
    entered = report.is_unconfirmed and report.entered_by_id == person.pk
    return entered and can_enter(person, report)


def can_send(person: Person, report: Report) -> bool:
    """Whose word is the report's: the focal point, or who enters what the member sent."""
    return can_submit(person, report) or enters(person, report)


def can_submit(person: Person, report: Report) -> bool:
    """Only the focal point speaks for the member: submits, recalls, agrees, reopens."""
    return rules.is_focal_point(person, report.member)


def can_delegate(person: Person, report: Report) -> bool:
    """The focal point says who of its member answers what."""
    return rules.is_focal_point(person, report.member)


def can_review(person: Person, report: Report) -> bool:
    """A reviewer, but never one who represents the member or entered the report."""
    return rules.reviews(person) and _is_apart(person, report)


def _is_apart(person: Person, report: Report) -> bool:
    """Has the person no part in what the report says?"""
    entered = person.pk is not None and person.pk in (report.entered_by_id, *report.entered_before)
    return not entered and not rules.represents(person, report.member)


def can_reply(person: Person, report: Report, internal: bool) -> bool:
    """Reviewers in every thread, the people of the member in those that it sees."""
    own = rules.represents(person, report.member)
    return can_review(person, report) or (own and not internal)


def can_publish(person: Person, report: Report) -> bool:
    """A reviewer or administrator, but never one who represents the member or entered it."""
    publishes = rules.reviews(person) or rules.administers(person)
    return publishes and _is_apart(person, report)


def can_announce(person: Person) -> bool:
    """Reviewers and administrators make public who reported in a round."""
    return rules.reviews(person) or rules.administers(person)


def can_extend(person: Person, member: Member) -> bool:
    """Who may announce may also extend a due date, but not for a member they represent."""
    return can_announce(person) and not rules.represents(person, member)


def can_publish_errata(person: Person) -> bool:
    """Reviewers and administrators say what was published wrong, as they say what is published."""
    return can_announce(person)
