"""The secretariat's pages about people: who holds which role, who is invited."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions, proof, rules
from ..access import access
from ..asking import asking, knows, tampered
from ..emails import words
from ..forms import ActiveForm, InviteForm, RoleForm
from ..forms.finding import FindForm
from ..models import ApiToken, Freeze, Invitation, Role, User
from ..proof import fresh_factor
from .lists import paged

SHOWN = 200


@access(rules.in_secretariat)
@require_safe
@asking(FindForm)
def people(request: HttpRequest, form: FindForm) -> HttpResponse:
    """People with their roles of today, and invitations that nobody has answered yet."""
    open_ones = form.invitations().select_related("member", "invited_by")
    frozen = Freeze.objects.filter(until__isnull=True)
    there = paged(request, with_roles(form), form.cleaned_data["page"])
    context = {
        "form": form,
        "people": rows_of(there["page"]),
        "frozen": list(frozen.values_list("member__code", flat=True)),
        "invitations": [_offer(one) for one in open_ones[:SHOWN]],
        "manages": rules.manages_people(request.user),
    }
    return render(request, "members/people.html", context | there)


def with_roles(form: FindForm) -> QuerySet[User]:
    """The people asked for, each with the roles that are in force today as `held`."""
    today = timezone.now().date()
    held: QuerySet[Role] = Role.objects.in_force(today).select_related("member")
    return form.people(today).prefetch_related(Prefetch("roles", held, to_attr="held"))


def rows_of(people: Iterable[User]) -> list[dict[str, Any]]:
    """Each person with its roles and letters in words, and whether mail cannot be delivered."""
    refused = set(User.objects.out_of_reach().values_list("pk", flat=True))
    people = list(people)
    letters = letters_of(role for one in people for role in one.held)  # type: ignore[attr-defined]
    return [
        {
            "person": one,
            "roles": [words(role) for role in one.held],  # type: ignore[attr-defined]
            "letters": [letters[role.pk] for role in one.held if role.pk in letters],  # type: ignore[attr-defined]
            "refused": one.pk in refused,
        }
        for one in people
    ]


def letters_of(roles: Iterable[Role]) -> dict[int, str]:
    """The letter of nomination behind each of these roles, in one line; by the role's key."""
    offers = Invitation.objects.behind(roles)
    return {key: offer.letter for key, offer in offers.items() if offer.letter}


@access(rules.in_secretariat)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles now and before, and what may be done."""
    return _person(request, pk, RoleForm(by=request.user))


@access(rules.manages_people)
@fresh_factor(gettext_lazy("Send the invitation"))
@knows("member")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """The form of an invitation, for a member where one is asked for; sends it."""
    sent, chosen = request.POST if request.method == "POST" else None, request.GET.get("member")
    form = InviteForm(sent, by=request.user, initial={"member": chosen})
    if form.is_valid():
        offer = actions.invite(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Invitation sent to %(to)s.") % {"to": offer.email})
        return redirect("people")
    status = 400 if form.is_bound else 200
    return render(request, "members/invite.html", {"form": form}, status=status)


@access(rules.manages_people)
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends an invitation again, with a new link."""
    said = _("Sent again to %(to)s, with a new link.")
    return _while_open(request, pk, actions.resend, said)


@access(rules.manages_people)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes an invitation."""
    return _while_open(request, pk, actions.revoke, _("The invitation to %(to)s is revoked."))


def _while_open(request: HttpRequest, pk: int, act: Any, said: str) -> HttpResponse:
    """Does this with an invitation; one that was answered or closed meanwhile is left alone."""
    offer = get_object_or_404(Invitation, pk=pk)
    try:
        act(offer, by=request.user, at=timezone.now())
    except actions.Closed as closed:
        return _too_late(request, closed)
    messages.success(request, said % {"to": offer.email})
    return redirect("people")


@access(rules.manages_people)
@fresh_factor(gettext_lazy("Give the role from today"))
@require_POST
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a person a role from today."""
    form = RoleForm(request.POST, by=request.user)
    if not form.is_valid():
        return _person(request, pk, form, status=400)
    user = get_object_or_404(User, pk=pk)
    actions.give_role(user, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The role is given from today."))
    return redirect("person", pk=pk)


@access(rules.manages_people)
@fresh_factor(gettext_lazy("End the role"))
@require_POST
def end_role(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Ends a role as of today."""
    today = timezone.now().date()
    held = get_object_or_404(Role.objects.in_force(today), pk=role, user_id=pk)
    try:
        actions.end_role(held, by=request.user, at=timezone.now())
    except PermissionDenied:
        messages.error(
            request, _("This role cannot be ended by you, or it is the last of its kind.")
        )
        return _person(request, pk, RoleForm(by=request.user), status=403)
    messages.success(request, _("The role has ended."))
    return redirect("person", pk=pk)


@access(rules.administers)
@fresh_factor(gettext_lazy("Change whether the person may sign in"))
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Disables a person, or enables one again: the field `active` says which."""
    user = get_object_or_404(User, pk=pk)
    form = ActiveForm(request.POST)
    if not form.is_valid():
        return tampered(request, form)
    enables = form.cleaned_data["active"] == "yes"
    act = actions.enable if enables else actions.disable
    act(user, by=request.user, at=timezone.now())
    said = _("The person may sign in again.") if enables else _("The person is disabled.")
    messages.success(request, said)
    return redirect("person", pk=pk)


@access(rules.administers)
@fresh_factor(gettext_lazy("Remove the second factor"))
@require_POST
def take_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """Removes a second factor that was lost; the person sets up another at the next sign-in."""
    user = get_object_or_404(User, pk=pk)
    actions.take_factors(user, by=request.user, at=timezone.now())
    messages.success(request, _("The second factor is removed, and the person is signed out."))
    return redirect("person", pk=pk)


@access(rules.manages_people)
@require_POST
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs a person out everywhere, at once."""
    user = get_object_or_404(User, pk=pk)
    actions.end_sessions(user, by=request.user, at=timezone.now())
    messages.success(request, _("The person is signed out everywhere."))
    return redirect("person", pk=pk)


@access(rules.manages_people)
@require_POST
def revoke_tokens(request: HttpRequest, pk: int) -> HttpResponse:
    """Revokes all tokens of the API that a person holds, at once."""
    user = get_object_or_404(User, pk=pk)
    actions.revoke_tokens(user, by=request.user, at=timezone.now())
    messages.success(request, _("The person's tokens are revoked."))
    return redirect("person", pk=pk)


def _person(request: HttpRequest, pk: int, form: RoleForm, status: int = 200) -> HttpResponse:
    user = get_object_or_404(User.objects.prefetch_related("roles__member"), pk=pk)
    now, today = timezone.now(), timezone.now().date()
    held = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=now)
    context: dict[str, Any] = {
        "person": user,
        "roles": _roles(user, today),
        "form": form,
        "has_factor": proof.has_factor(user),
        "sessions": UserSession.objects.filter(user=user).count(),
        "tokens": held.count(),
        "refused": User.objects.filter(pk=pk).out_of_reach().exists(),
        "manages": rules.manages_people(request.user),
        "administers": rules.administers(request.user),
    }
    return render(request, "members/person.html", context, status=status)


def _roles(user: User, today: Any) -> list[tuple[Role, str, bool, str | None]]:
    """Each role: what it is, whether it is in force today, and the letter that it began with."""
    held = list(user.roles.all())
    letters = letters_of(held)
    return [(one, words(one), _in_force(one, today), letters.get(one.pk)) for one in held]


def _in_force(role: Role, today: Any) -> bool:
    return role.since <= today and (role.until is None or today < role.until)


def _offer(invitation: Invitation) -> dict[str, Any]:
    expired = invitation.state_at(timezone.now()) == "expired"
    return {"invitation": invitation, "what": words(invitation), "expired": expired}


def _too_late(request: HttpRequest, closed: actions.Closed) -> HttpResponse:
    return render(request, "members/invitation_closed.html", {"state": closed.state}, status=409)
