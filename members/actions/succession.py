"""A focal point leaves: its place goes to a colleague of the same member."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import rules
from ..events import record
from ..models import CalendarKey, Member, Role, User
from .people import CHAIN, end_role, open_focal_point


@transaction.atomic
def pass_on(
    member: Member, *, leaving: User, to: User, ends: bool, by: User, at: dt.datetime
) -> Role:
    """The role of focal point that `to` has from today; with `ends`, `leaving` has none any more.

    `to` writes for the member already: this brings nobody in from outside. The member has a
    focal point at every moment, for the new one comes before the old one goes. Whoever has no
    role left loses its private calendar too. Raises ValidationError by field.
    """
    if not rules.can_pass_on(by, member):
        raise PermissionDenied("pass_on: the focal point, or who manages people")
    held = Role.objects.select_for_update(of=("self",)).in_force(at.date()).filter(member=member)
    mine = [role for role in held if role.user_id == leaving.pk]
    if not any(role.kind == Role.Kind.FOCAL_POINT for role in mine):
        raise ValidationError({"leaving": _("This person is no focal point of the member.")})
    its_people = {role.user_id for role in held if role.kind in Role.OF_A_MEMBER}
    if to.pk == leaving.pk or to.pk not in its_people or not to.is_active:
        raise ValidationError({"to": _("The successor must be a colleague who writes for it.")})
    role = open_focal_point(to, member, by=by, at=at)
    record(
        "handed over",
        by=by,
        about=f"person:{leaving.pk}",
        chain=CHAIN,
        at=at,
        member=member.code,
        to=to.pk,
        ends=ends,
    )
    if ends:
        # The contributor's role first: with the other one ended, its holder may end nothing more.
        for old in sorted(mine, key=lambda one: one.kind):
            end_role(old, by=by, at=at)
        if not Role.objects.in_force(at.date()).filter(user=leaving).exists():
            CalendarKey.objects.filter(user=leaving).delete()
    return role
