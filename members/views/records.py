"""A member's record: a tab for each concern, each with its address, its forms and its history.

An app above adds tabs of its own with `tab_page`; their places in the row stand in `TABS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from .. import rules
from ..access import access
from ..actions import records
from ..forms.records import RecordForm
from ..history import Copies, entries, version_of
from ..models import Member
from ..typed import keeps_typed, put_back
from .former import leads_on

TABS = [
    ("record", gettext_lazy("Membership")),
    ("record-names", gettext_lazy("Names")),
    ("record-groups", gettext_lazy("Groups")),
    ("record-signatures", gettext_lazy("Signatures and positions")),
    ("record-treaties", gettext_lazy("Treaties")),
    ("record-contacts", gettext_lazy("Contacts")),
    ("record-reports", gettext_lazy("Reports")),
    ("record-reminders", gettext_lazy("Reminders")),
    ("record-history", gettext_lazy("History")),
]


@dataclass(frozen=True)
class Deed:
    """One dated fact that can be recorded: its form, the action, the words of its button.

    `done` is what is said when it was, or makes that of what was typed. `replaces`: what is saved
    stands in the place of what stood before, instead of beside it.
    """

    name: str
    title: Any
    form: type[RecordForm]
    act: Callable[..., None]
    done: Any
    hint: Any = ""
    replaces: bool = False


@dataclass(frozen=True)
class Tab:
    """What one tab shows (`facts`), what can be recorded there, and whose copies it reads."""

    name: str
    template: str
    facts: Callable[[Member], dict[str, Any]]
    deeds: Sequence[Deed] = ()
    copies: Copies = field(default=())


def tab_page(tab: Tab) -> Callable[..., HttpResponse]:
    """The view of a tab: the secretariat reads it, who keeps reference data records there."""

    def page(request: HttpRequest, code: str) -> HttpResponse:
        member = _member(code)
        if request.method != "POST":
            return _shown(request, tab, member)
        if not rules.keeps_reference_data(request.user):
            raise PermissionDenied
        return _recorded(request, tab, member)

    methods = ["GET", "HEAD", "POST"] if tab.deeds else ["GET", "HEAD"]
    return keeps_typed(access(rules.in_secretariat)(require_http_methods(methods)(leads_on(page))))


def _member(code: str) -> Member:
    named = Member.objects.named(timezone.now().date())
    return get_object_or_404(named.select_related("part_of", "reports_through"), code=code)


def _recorded(request: HttpRequest, tab: Tab, member: Member) -> HttpResponse:
    """Records what was typed; says beside the field what is wrong; shows both when it is stale."""
    deed = next((deed for deed in tab.deeds if deed.name == request.POST.get("do")), None)
    if deed is None:
        errors = [{"words": _("do: this is nothing that can be recorded here.")}]
        return _shown(request, tab, member, errors=errors, page_errors=True, status=400)
    form = _form(deed, member, request.POST)
    try:
        if form.is_valid() and _done(request, tab, deed, member, form):
            return redirect(tab.name, member.code)
    except records.Stale:
        return _stale(request, tab, deed, member, form)
    return _shown(request, tab, member, bound=form, deed=deed, status=400)


def _done(request: HttpRequest, tab: Tab, deed: Deed, member: Member, form: RecordForm) -> bool:
    """Whether the action took what was typed; what it refuses stands beside its field."""
    version = form.cleaned_data["version"]
    writing = records.Writing(request.user, timezone.now(), version, tab.copies)
    try:
        deed.act(member, writing, **form.said())
    except ValidationError as error:
        _refused(form, error)
        return False
    told = deed.done(form.said()) if callable(deed.done) else deed.done
    messages.success(request, str(told))
    return True


def _refused(form: RecordForm, error: ValidationError) -> None:
    """What the action or the row's model refuses, beside its field where the form has that."""
    named = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in named.items():
        form.add_error(name if name in form.fields else None, errors)


def _form(deed: Deed, member: Member, sent: Any = None, **kwargs: Any) -> RecordForm:
    return deed.form(sent, member=member, auto_id=f"{deed.name}-%s", **kwargs)


def _blank(request: HttpRequest, deed: Deed, member: Member, version: int) -> RecordForm:
    """The form of a deed, with what was typed into it before sign-in where such a text waits."""
    return put_back(request, _form(deed, member, initial={"version": version}), do=deed.name)


def _shown(
    request: HttpRequest,
    tab: Tab,
    member: Member,
    *,
    bound: RecordForm | None = None,
    deed: Deed | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    version = version_of(member, tab.copies)
    may = rules.keeps_reference_data(request.user)
    forms = [
        (one, bound if bound and one is deed else _blank(request, one, member, version))
        for one in (tab.deeds if may else ())
    ]
    kept = next((one for one, form in forms if hasattr(form, "is_kept")), None)
    last = entries(member, tab.copies)[-1:] if tab.copies else []
    context = _context(tab, member) | {"deeds": forms, "form": bound, "open": deed or kept}
    context |= {
        "can_merge": rules.administers(request.user),
        "version": version,
        "last": last[0] if last else None,
    }
    return render(request, tab.template, context | tab.facts(member) | more, status=status)


def _context(tab: Tab, member: Member) -> dict[str, Any]:
    return {"member": member, "tab": tab, "tabs": [(n, w, n == tab.name) for n, w in TABS]}


def _stale(
    request: HttpRequest, tab: Tab, deed: Deed, member: Member, form: RecordForm
) -> HttpResponse:
    """Both versions: what was typed, and what somebody else has changed meanwhile."""
    sent = request.POST.copy()
    sent["version"] = str(version_of(member, tab.copies))
    again = _form(deed, member, sent)
    context = _context(tab, member) | {
        "deed": deed,
        "typed": [(field.label, _typed(field)) for field in form.visible_fields()],
        "theirs": entries(member, tab.copies, after=form.cleaned_data["version"]),
        "again": again,
        "keep": [again[name].as_hidden() for name in again.fields],
    }
    return render(request, "members/record/stale.html", context, status=409)


def _typed(bound: Any) -> str:
    """What was typed into a field, as its reader saw it: the words of a choice, not its value."""
    value = bound.value()
    choices = getattr(bound.field, "choices", ())
    words = {str(key): str(label) for key, label in choices}
    return words.get(str(value or ""), str(value or ""))
