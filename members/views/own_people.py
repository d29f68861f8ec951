"""The people of one's own member: a focal point sees who they are, and ends their roles."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from .. import actions, rules
from ..access import access
from ..models import Member, Role
from ..proof import fresh_factor


@access(rules.speaks_for_a_member)
@require_safe
def own_people(request: HttpRequest) -> HttpResponse:
    """Who acts for each member that the person is a focal point of."""
    return _page(request)


@access(rules.speaks_for_a_member)
@fresh_factor(gettext_lazy("End the role"))
@require_POST
def end_own(request: HttpRequest, role: int) -> HttpResponse:
    """Ends a role as of today; the last focal point of a member stays."""
    held = get_object_or_404(_roles(request), pk=role)
    try:
        actions.end_role(held, by=request.user, at=timezone.now())
    except PermissionDenied:
        messages.error(request, _("This is the last focal point: the secretariat ends that role."))
        return _page(request, status=403)
    messages.success(request, _("The role has ended."))
    return redirect("own-people" if held.user_id != request.user.pk else "account")


def _roles(request: HttpRequest) -> Any:
    kept = [r.member_id for r in rules.roles(request.user) if r.kind == Role.Kind.FOCAL_POINT]
    today = timezone.now().date()
    return Role.objects.in_force(today).filter(member__in=kept).select_related("user", "member")


def _acts_beside(role: Role, other: Role) -> bool:
    """Does somebody else hold the same role for the same member, as `actions.end_role` counts?"""
    alike = (other.kind, other.member_id) == (role.kind, role.member_id)
    return alike and other.user.is_active and other.user_id != role.user_id


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    members: dict[int, dict[str, Any]] = {}
    roles = list(_roles(request).order_by("member__code", "-kind", "user__name"))
    named = Member.objects.named(timezone.now().date()).in_bulk({r.member_id for r in roles})
    for role in roles:
        others = sum(_acts_beside(role, other) for other in roles)
        role.can_end = rules.can_end(request.user, role, others)  # type: ignore[attr-defined]
        one = members.setdefault(role.member_id, {"member": named[role.member_id], "roles": []})
        one["roles"].append(role)
    context = {"members": list(members.values())}
    return render(request, "members/own_people.html", context, status=status)
