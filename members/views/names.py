"""Whom a printed name means: suggestions with their reasons, and a person who confirms one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from .. import resolving, rules
from ..access import access
from ..actions import records
from ..asking import knows
from ..forms.records import SOURCE, Line, MemberChoice
from ..history import version_of
from ..models import Member, Name
from .record_tabs import NAMES

WHY = {
    resolving.SAME: gettext_lazy("the same, letter by letter"),
    resolving.CODE: gettext_lazy("its code"),
    resolving.FOLDED: gettext_lazy("the same but for case, accents and punctuation"),
    resolving.ARTICLE: gettext_lazy("the same but for the article"),
    resolving.TURNED: gettext_lazy("the same with what stands after the comma put before"),
    resolving.FORM: gettext_lazy("the same but for words such as “Republic of”"),
    resolving.SHORT: gettext_lazy("the same with short forms such as “Rep.” written out"),
    resolving.INITIALS: gettext_lazy("an abbreviation: the first letters of its words"),
    resolving.PART: gettext_lazy("one is a part of the other"),
    resolving.CLOSE: gettext_lazy("spelt much like it"),
}


class PrintedForm(forms.Form):
    """A printed name to look up."""

    q = Line(gettext_lazy("Name as printed"), most=200, required=False)


class ConfirmForm(forms.Form):
    """The member that a person has found a printed name to mean."""

    use_required_attribute = False
    printed = Line(gettext_lazy("Name as printed"), most=200)
    member = MemberChoice(gettext_lazy("It means"))
    source = Line(gettext_lazy("Where it was read"), most=200, help_text=SOURCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].of(Member.objects.all())  # type: ignore[attr-defined]


@access(rules.in_secretariat)
@knows(*PrintedForm.base_fields)
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """Suggestions for a printed name; posted, the one that a person confirmed is kept."""
    if request.method != "POST":
        asked = PrintedForm(request.GET)
        return _page(request, asked, status=200 if asked.is_valid() else 400)
    if not rules.keeps_reference_data(request.user):
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if form.is_valid() and _kept(request, form):
        messages.success(request, _("The name is kept and finds this member from now on."))
        return redirect("record-names", form.cleaned_data["member"].code)
    return _page(request, PrintedForm({"q": form["printed"].value()}), form, status=400)


def suggestions(printed: str) -> list[resolving.Suggestion]:
    """The members that a printed name may mean, from all names in the register (two queries)."""
    return resolving.suggest(printed, known_names())


def known_names() -> list[resolving.Known]:
    """All names in the register, as the resolver takes them (two queries)."""
    shown = dict(Member.objects.named(timezone.now().date()).values_list("code", "display_name"))
    rows = Name.objects.values_list("member__code", "text", "statement", "kind")
    return [
        resolving.Known(code, text, not statement and not kind and text != shown[code])
        for code, text, statement, kind in rows
    ]


def best_of(found: list[resolving.Suggestion]) -> str:
    """The member with a better reason than all others; none where two have the same."""
    apart = len({one.why for one in found[:2]}) == len(found[:2])
    return found[0].member if found and apart else ""


def _kept(request: HttpRequest, form: ConfirmForm) -> bool:
    said, member = form.cleaned_data, form.cleaned_data["member"]
    version = version_of(member, NAMES)
    writing = records.Writing(request.user, timezone.now(), version, NAMES)
    facts = {"text": said["printed"], "kind": Name.Kind.ALSO, "since": None}
    try:
        if member.names.filter(statement="", text=said["printed"]).exists():
            raise ValidationError(_("The register has this name for this member already."))
        records.rename(member, writing, **facts, source=said["source"])
    except ValidationError as error:
        form.add_error("printed", error.messages)
        return False
    return True


def _page(
    request: HttpRequest, asked: PrintedForm, form: ConfirmForm | None = None, status: int = 200
) -> HttpResponse:
    printed = asked.cleaned_data["q"] if asked.is_valid() else ""
    found = suggestions(printed) if printed else []
    members = {m.code: m for m in Member.objects.named(timezone.now().date())}
    best = best_of(found)
    context = {
        "asked": asked,
        "printed": printed,
        "rows": [{"member": members[one.member], "one": one, "why": WHY[one.why]} for one in found],
        "form": form or ConfirmForm(initial={"printed": printed, "member": best}),
        "bound": form,
        "may": rules.keeps_reference_data(request.user),
    }
    return render(request, "members/names.html", context, status=status)
