"""Who may do what with a report. A rule asks about the person and the plain object, no more.

When it may be done is the matter of `reporting.workflow`, which objects a person sees that of
the querysets.
"""

from members import rules
from members.models import Member
from members.rules import Person

from .models import Report


def can_write(person: Person, report: Report) -> bool:
    """Focal points and contributors write for their own member."""
    return rules.represents(person, report.member)


def can_start(person: Person, report: Report) -> bool:
    """As writing; a member that reports through another has no report of its own."""
    return can_write(person, report) and report.member.reports_through_id is None


def can_submit(person: Person, report: Report) -> bool:
    """Only the focal point speaks for the member: submits, recalls, agrees, reopens."""
    return rules.is_focal_point(person, report.member)


def can_delegate(person: Person, report: Report) -> bool:
    """The focal point says who of its member answers what."""
    return rules.is_focal_point(person, report.member)


def can_review(person: Person, report: Report) -> bool:
    """A reviewer, but never one who represents the member."""
    return rules.reviews(person) and not rules.represents(person, report.member)


def can_reply(person: Person, report: Report, internal: bool) -> bool:
    """Reviewers in every thread, the people of the member in those that it sees."""
    return can_review(person, report) or (can_write(person, report) and not internal)


def can_publish(person: Person, report: Report) -> bool:
    """A reviewer or administrator, but never one who represents the member."""
    publishes = rules.reviews(person) or rules.administers(person)
    return publishes and not rules.represents(person, report.member)


def can_announce(person: Person) -> bool:
    """Reviewers and administrators make public who reported in a round."""
    return rules.reviews(person) or rules.administers(person)


def can_extend(person: Person, member: Member) -> bool:
    """Who may announce may also extend a due date, but not for a member they represent."""
    return can_announce(person) and not rules.represents(person, member)


def can_publish_errata(person: Person) -> bool:
    """Reviewers and administrators say what was published wrong, as they say what is published."""
    return can_announce(person)
