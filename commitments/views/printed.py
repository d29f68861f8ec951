"""The names under a draft: pasted, suggested by the resolver, and confirmed by a person."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import resolving, rules
from members.access import access
from members.actions.records import Stale
from members.history import version_of
from members.languages import SEMICOLON, joined
from members.models import Member
from members.views.names import WHY, best_of, known_names

from .. import actions, parting
from ..forms import PrintedForm, SettleForm, SureForm, Versioned
from ..models import Draft, DraftName
from .drafting import about, as_errors, done, draft_of, later, refused, writing

# Reasons for which nobody has to look twice; any other match is confirmed one by one.
SURE = (resolving.SAME, resolving.FOLDED)


@dataclass(frozen=True)
class Reading:
    """The names under a draft, and whom the register takes each that is not settled for."""

    draft: Draft
    names: list[DraftName]
    suggested: dict[int, list[resolving.Suggestion]]
    members: dict[str, Member]

    @property
    def choices(self) -> dict[int, list[tuple[str, str]]]:
        """The codes that are suggested, and what is told of each, by the name's key."""
        return {
            key: [(one.member, self._told(one)) for one in some[:3]]
            for key, some in self.suggested.items()
        }

    def _told(self, one: resolving.Suggestion) -> str:
        shown = f"{self.members[one.member].display_name} ({one.member})"
        why = _("“%(name)s”: %(why)s") % {"name": one.name, "why": WHY[one.why]}
        parts = [shown, why, *([_("a former name")] if one.former else [])]
        return joined(parts, SEMICOLON)

    @property
    def best(self) -> dict[int, str]:
        """The member's code that is suggested, by the name's key."""
        return {key: best_of(some) for key, some in self.suggested.items() if best_of(some)}

    @property
    def sure(self) -> dict[DraftName, resolving.Suggestion]:
        """The names that a member has letter by letter, or but for case, accents, punctuation.

        Not by a former name, and not where the member stands in the draft already, or twice.
        """
        best = {name: self.suggested[name.pk][0] for name in self.names if name.pk in self.best}
        sure = {n: one for n, one in best.items() if one.why in SURE and not one.former}
        meant = Counter(one.member for one in sure.values())
        meant.update(name.member.code for name in self.names if name.member)
        return {name: one for name, one in sure.items() if meant[one.member] == 1}


def _read(draft: Draft) -> Reading:
    names, known = list(draft.names.select_related("member")), known_names()
    unsure = [name for name in names if name.member_id is None and not name.left_out]
    suggested = {name.pk: resolving.suggest(name.printed, known) for name in unsure}
    members = {m.code: m for m in Member.objects.named(timezone.now().date())}
    return Reading(draft, names, suggested, members)


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, number: int) -> HttpResponse:
    """Names are added as printed, or a person says whom those that are there mean."""
    there = _read(draft_of(number))
    if request.method != "POST":
        return _page(request, there)
    try:
        do = done(request, "settle", "sure", "add")
    except ValidationError as error:
        return _page(request, there, status=400, **as_errors(error))
    return _answer(request, there, _form(request.POST, there, do))


def _form(sent: QueryDict, there: Reading, do: str) -> Versioned:
    if do == "add":
        return PrintedForm(sent)
    if do == "sure":
        return SureForm(sent, sure=_members_of(there))
    return _settling(there, sent)


def _settling(there: Reading, *sent: QueryDict, **kwargs: Any) -> SettleForm:
    text = there.draft.text
    return SettleForm(*sent, names=there.names, suggested=there.choices, text=text, **kwargs)


def _members_of(there: Reading) -> dict[DraftName, Member]:
    return {name: there.members[one.member] for name, one in there.sure.items()}


def _answer(request: HttpRequest, there: Reading, form: Versioned) -> HttpResponse:
    if not form.is_valid():
        return _page(request, there, form, status=400)
    try:
        _act(request, there.draft, form)
    except ValidationError as error:
        refused(form, error)
        return _page(request, there, form, status=400)
    except Stale:
        return _stale(request, there.draft, form)
    messages.success(request, _("Saved."))
    return redirect("desk-draft-names", there.draft.pk)


def _act(request: HttpRequest, shown: Draft, form: Versioned) -> None:
    by = writing(request, form.cleaned_data["version"], actions.NAMES)
    if isinstance(form, SettleForm):
        actions.settle_names(shown, by, meant=form.changed(), dropped=form.dropped())
    elif isinstance(form, SureForm):
        actions.settle_names(shown, by, meant=form.meant(), dropped={})
    else:
        actions.add_names(shown, by, form.cleaned_data["printed"])


def _stale(request: HttpRequest, shown: Draft, form: Versioned) -> HttpResponse:
    """What was typed, in the form of the names as they are now, and what others changed.

    Sure matches are listed anew: those that others settled meanwhile are no longer among them.
    """
    changed, there = later(shown, actions.NAMES, form.cleaned_data["version"]), _read(shown)
    again: Versioned | None = None
    if not isinstance(form, SureForm):
        sent = request.POST.copy()
        sent["version"] = str(changed["version"])
        again = _form(sent, there, "settle" if isinstance(form, SettleForm) else "add")
    return _page(request, there, again, status=409, theirs=changed["theirs"])


def _page(
    request: HttpRequest,
    there: Reading,
    form: Versioned | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    initial = {"version": version_of(there.draft, actions.NAMES)}
    settle = form if isinstance(form, SettleForm) else _settling(there, initial=initial)
    under = actions.lines_under(there.draft)
    context = {
        **about(there.draft, "desk-draft-names"),
        "rows": [_row(name, settle, there) for name in there.names],
        "settle": settle,
        "add": form if isinstance(form, PrintedForm) else _adding(under, initial),
        "under": under,
        "sure_form": SureForm(sure=_members_of(there), initial=initial, auto_id="sure_%s"),
        "sure": [(n, there.members[one.member], WHY[one.why]) for n, one in there.sure.items()],
        "members": there.members.values(),
        "form": form,
    }
    return render(request, "commitments/draft_names.html", context | more, status=status)


def _adding(lines: list[str], initial: dict[str, Any]) -> PrintedForm:
    return PrintedForm(initial=initial | {"printed": "\n".join(lines)})


def _row(name: DraftName, settle: SettleForm, there: Reading) -> dict[str, Any]:
    """One name with whom it means, or may mean and why, and the fields that settle it."""
    fields = {
        part: settle[f"{part}-{name.pk}"]
        for part in ("best", "code", "drop", "why")
        if f"{part}-{name.pk}" in settle.fields
    }
    text = there.draft.text
    return {
        "name": name,
        "meant": there.members.get(name.member.code) if name.member else None,
        "elsewhere": bool(text) and not parting.stands_in(name.printed, text),
        **fields,
    }
