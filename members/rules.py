"""Who may do what, as questions about plain objects. A rule never asks the database per row."""

from typing import Any

from .models import Member, Role

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


def edits_the_register(person: Person) -> bool:
    return holds(person, Role.Kind.EDITOR)


def administers(person: Person) -> bool:
    return holds(person, Role.Kind.ADMINISTRATOR)


def writes_for_a_member(person: Person) -> bool:
    return holds(person, *Role.OF_A_MEMBER)


def represents(person: Person, member: Member) -> bool:
    """Is the person a focal point or contributor of this member?"""
    return any(r.kind in Role.OF_A_MEMBER and r.member_id == member.pk for r in roles(person))


def is_focal_point(person: Person, member: Member) -> bool:
    return any(r.kind == Role.Kind.FOCAL_POINT and r.member_id == member.pk for r in roles(person))


def manages_people(person: Person) -> bool:
    """May invite and end the roles of those who act for a member."""
    return holds(person, Role.Kind.EDITOR, Role.Kind.ADMINISTRATOR)


def keeps_reference_data(person: Person) -> bool:
    """May enter the admin, which is for reference data and support."""
    return holds(person, Role.Kind.EDITOR, Role.Kind.ADMINISTRATOR)


def keeps_own_sign_in(person: Person) -> bool:
    """May change password and second factor: everyone but the shared demonstration persons."""
    return signed_in(person) and not person.is_demonstration
