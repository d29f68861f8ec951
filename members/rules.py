"""Who may do what, as questions about plain objects. A rule never asks the database per row."""

from typing import Any

from .models import Invitation, Member, Role

# A user, or Django's AnonymousUser, who has no roles.
Person = Any


def roles(person: Person) -> list[Role]:
    """The person's roles in force today; none for a visitor or a disabled person."""
    return getattr(person, "roles_now", [])


def holds(person: Person, *kinds: str) -> bool:
    return any(role.kind in kinds for role in roles(person))


def anyone(person: Person) -> bool:
    return True


def signed_in(person: Person) -> bool:
    return bool(person.is_authenticated and person.is_active)


def in_secretariat(person: Person) -> bool:
    return holds(person, *Role.OF_THE_SECRETARIAT)


def reviews(person: Person) -> bool:
    return holds(person, Role.Kind.REVIEWER)


def administers(person: Person) -> bool:
    return holds(person, Role.Kind.ADMINISTRATOR)


def writes_for_a_member(person: Person) -> bool:
    return holds(person, *Role.OF_A_MEMBER)


def may_hold_tokens(person: Person) -> bool:
    """Holds some role today: tokens of the API are for those the alliance works with."""
    return bool(roles(person))


def may_write(person: Person) -> bool:
    """Holds a role that writes, for a member or in the secretariat."""
    return writes_for_a_member(person) or in_secretariat(person)


def represents(person: Person, member: Member) -> bool:
    """Is the person a focal point or contributor of this member?"""
    return any(r.kind in Role.OF_A_MEMBER and r.member_id == member.pk for r in roles(person))


def is_focal_point(person: Person, member: Member) -> bool:
    return any(r.kind == Role.Kind.FOCAL_POINT and r.member_id == member.pk for r in roles(person))


def speaks_for_a_member(person: Person) -> bool:
    """Is the person a focal point of some member?"""
    return holds(person, Role.Kind.FOCAL_POINT)


def manages_people(person: Person) -> bool:
    """May invite and end the roles of those who act for a member."""
    return holds(person, Role.Kind.EDITOR, Role.Kind.ADMINISTRATOR)


def can_give(person: Person, kind: str, member: Member | None) -> bool:
    """May the person give (or offer by invitation) a role of this kind?

    Administrators give every role; editors those outside the secretariat; a focal point may
    bring in contributors for its own member.
    """
    if kind in Role.OF_THE_SECRETARIAT:
        return administers(person)
    if manages_people(person):
        return True
    own = member is not None and is_focal_point(person, member)
    return own and kind == Role.Kind.CONTRIBUTOR


def can_end(person: Person, role: Role, others_like_it: int) -> bool:
    """May the person end this role, when `others_like_it` people hold the same one?

    The last administrator stays, and a member's own people cannot remove its last focal point.
    """
    if role.kind in Role.OF_THE_SECRETARIAT:
        last = role.kind == Role.Kind.ADMINISTRATOR and not others_like_it
        return administers(person) and not last
    if manages_people(person):
        return True
    own = role.member is not None and is_focal_point(person, role.member)
    return own and not (role.kind == Role.Kind.FOCAL_POINT and not others_like_it)


def can_pass_on(person: Person, member: Member) -> bool:
    """May the person give a focal point's place to a colleague of the same member?"""
    return is_focal_point(person, member) or manages_people(person)


def can_take_up(person: Person, invitation: Invitation) -> bool:
    """An invitation is for the person whose address it was sent to, and for nobody else."""
    return signed_in(person) and person.email == invitation.email


def keeps_reference_data(person: Person) -> bool:
    """May enter the admin, which is for reference data and support."""
    return holds(person, Role.Kind.EDITOR, Role.Kind.ADMINISTRATOR)


def keeps_own_sign_in(person: Person) -> bool:
    """May change password and second factor: everyone but the shared demonstration persons."""
    return signed_in(person) and not person.is_demonstration
