"""The people of the demonstration: roles without names, whom anyone may be while DEMO=1."""

import datetime as dt
from dataclasses import dataclass

from members.models import Member, Role, User

from .lives import FOCAL_POINT_OF, OUTSIDER_OF

SINCE = dt.date(2022, 1, 1)
DOMAIN = "demo.example"


@dataclass
class People:
    """Who acts in the demonstration. `writer` stands for all members and can never sign in."""

    writer: User
    reviewer: User
    focal_point: User | None = None
    outsider: User | None = None
    contributor: User | None = None

    def speaker(self, member: Member) -> User:
        """Who speaks for this member: the person that can be played, or the writer for it."""
        if self.focal_point and member.code == FOCAL_POINT_OF:
            return self.focal_point
        if self.outsider and member.code == OUTSIDER_OF:
            return self.outsider
        # In memory alone: stored, the role would send the member's mail to somebody.
        role = Role(user=self.writer, kind=Role.Kind.FOCAL_POINT, member=member, since=SINCE)
        self.writer.roles_now = [role]
        return self.writer


def of_the_secretariat() -> People:
    """The new people of the secretariat, the analyst, and the writer.

    Two of them administer, since what one of them asks to be erased the other one confirms.
    """
    people = [
        (Role.Kind.REVIEWER, _person("reviewer", "Reviewer, demonstration")),
        (Role.Kind.EDITOR, _person("editor", "Editor, demonstration")),
        (Role.Kind.ADMINISTRATOR, _person("administrator", "Administrator, demonstration")),
        (
            Role.Kind.ADMINISTRATOR,
            _person("second-administrator", "Second administrator, demonstration"),
        ),
        (Role.Kind.ANALYST, _person("analyst", "Analyst, demonstration")),
    ]
    for kind, user in people:
        Role.objects.create(user=user, kind=kind, since=SINCE)
    writer = _person("members", "Members, demonstration", is_active=False)
    return People(writer=writer, reviewer=people[0][1])


def add_those_of_members(people: People) -> None:
    """The people of two members. From now on what happens to their reports is mailed to them."""
    focal_point = _person("focal-point", "Focal point, demonstration")
    contributor = _person("contributor", "Contributor, demonstration")
    outsider = _person("outsider", "Focal point of another member, demonstration")
    for user, kind, code in [
        (focal_point, Role.Kind.FOCAL_POINT, FOCAL_POINT_OF),
        (contributor, Role.Kind.CONTRIBUTOR, FOCAL_POINT_OF),
        (outsider, Role.Kind.FOCAL_POINT, OUTSIDER_OF),
    ]:
        member = Member.objects.get(code=code)
        Role.objects.create(user=user, kind=kind, member=member, since=SINCE)
    people.focal_point, people.outsider = focal_point, outsider
    people.contributor = contributor


def _person(address: str, name: str, *, is_active: bool = True) -> User:
    email = f"{address.replace('_', '-')}@{DOMAIN}"
    facts = {"name": name, "is_active": is_active, "is_demonstration": True}
    return User.objects.create_user(email, None, **facts)
