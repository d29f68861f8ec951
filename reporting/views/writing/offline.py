"""Working on a report offline: the workbook goes out, comes back, is looked at, is taken over."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.models import User

from ... import actions, definition, observations, workbooks, workflow
from ...forms.workbooks import ChoiceForm, WorkbookForm
from ...models import Report
from ...questions import Question, guidance_on
from ..moments import at_the_right_moment, person, posted
from . import shown


@access(rules.writes_for_a_member)
@require_safe
def offline(request: HttpRequest, code: str) -> HttpResponse:
    """How to work without a connection: workbook, paper, and the way back."""
    return _page(request, shown.own_report(request, code), WorkbookForm())


def _page(
    request: HttpRequest, report: Report, form: WorkbookForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "form": form,
        "writable": report.state in workflow.OPEN,
    }
    return render(request, "reporting/writing/offline.html", context, status=status)


@access(rules.writes_for_a_member)
@require_safe
@never_cache
def workbook(request: HttpRequest, code: str) -> HttpResponse:
    """The report as an .xlsx file, with what is saved now."""
    report = shown.own_report(request, code)
    asked = shown.asked_of(request, report)
    data = workbooks.written(
        report,
        asked,
        shown.years_told_by(request, report, asked),
        member=shown.name_of(report.member),
        on=shown.today(),
    )
    name = f"{'synthetic-' if report.synthetic else ''}{report.code}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=workbooks.MEDIA_TYPE, headers=headers)


@access(rules.writes_for_a_member)
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """All questions and answers on one page to print, with lines to write on by hand."""
    report = shown.own_report(request, code)
    asked = shown.asked_of(request, report)
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "mark": MARKS.get(report.state, _("Submitted, not published")),
        "statements": _statements(report, asked),
        "fields": definition.FIELDS,
        "made": shown.today(),
    }
    return render(request, "reporting/writing/paper.html", context)


MARKS: dict[str, Any] = {
    Report.State.DRAFT: gettext_lazy("Draft, not published"),
    Report.State.RETURNED: gettext_lazy("Draft, not published"),
    Report.State.PUBLISHED: gettext_lazy("Working copy of a published report"),
}


def _statements(report: Report, asked: list[Question]) -> list[dict[str, Any]]:
    """By statement: each question, why it is asked, the years of what judges it, the guidance."""
    told = guidance_on(asked, report)
    years = shown.years_of(report, asked)
    of = {
        reference: list(group)
        for reference, group in groupby(years, lambda y: y.indicator.commitment.reference)
    }
    return [
        {
            "statement": statement,
            "questions": [
                (q, shown.basis(q), of.get(q.reference), told.get(q.reference)) for q in group
            ],
        }
        for statement, group in groupby(asked, lambda q: q.commitment.statement)
    ]


@access(rules.writes_for_a_member)
@posted("report-offline")
@at_the_right_moment
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Reads a returned workbook and shows what it would change; saves nothing."""
    report = _open(request, code)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, report, form, status=400)
    try:
        returned = workbooks.read(form.cleaned_data["file"], report=report.code)
        asked = shown.asked_of(request, report)
        years = shown.years_told_by(request, report, asked)
        proposals, strange = workbooks.compared(returned, asked)
        figures, more = workbooks.compared_years(returned, years)
        return _proposed(request, report, proposals, figures, [*strange, *more])
    except workbooks.Refused as refused:
        form.add_error("file", str(refused))
        return _page(request, report, form, status=400)


def _open(request: HttpRequest, code: str) -> Report:
    """The report, while its answers can be written; else WrongMoment."""
    report = shown.own_report(request, code)
    if report.state not in workflow.OPEN:
        raise workflow.WrongMoment(
            _("Answers can be changed in a draft and in a returned report."), report
        )
    return report


def _proposed(
    request: HttpRequest,
    report: Report,
    proposals: list[workbooks.Compared],
    figures: list[workbooks.Figure],
    strange: list[Any],
    status: int = 200,
) -> HttpResponse:
    """The page on which each change is taken or left."""
    carried = workbooks.packed([*proposals, *figures], report, person(request))
    context = {
        "report": report,
        "form": ChoiceForm(initial={"carried": carried}, auto_id=False),
        "late": status == 409,
        **_by_kind(proposals, figures, strange),
    }
    return render(request, "reporting/writing/workbook.html", context, status=status)


def _by_kind(
    proposals: list[workbooks.Compared], figures: list[workbooks.Figure], strange: list[Any]
) -> dict[str, Any]:
    every: list[workbooks.Compared | workbooks.Figure] = [*proposals, *figures]
    wrong = [(one.name, w) for one in every if one.kind == "wrong" for w in one.wrong]
    wrong += [("", w) for w in strange]
    return {
        "changes": [one for one in proposals if one.kind == "change"],
        "conflicts": [one for one in proposals if one.kind == "conflict"],
        "figures": [one for one in figures if one.kind in ("change", "conflict")],
        "count": Counter(one.kind for one in every),
        "wrong": wrong[:MOST_WRONG],
        "wrong_more": len(wrong[MOST_WRONG:]),
    }


MOST_WRONG = 50  # told on one page; more are counted


@access(rules.writes_for_a_member)
@posted("report-offline")
@at_the_right_moment
def take_over(request: HttpRequest, code: str) -> HttpResponse:
    """Saves what was chosen of a preview; what somebody saved meanwhile is shown once more."""
    report, form = _open(request, code), ChoiceForm(request.POST)
    try:
        chosen = _chosen(form, report, person(request))
    except workbooks.Expired:
        return _expired(request, report)
    late = actions.take_workbook(report, chosen, by=person(request), at=timezone.now())
    _say(request, [key for key in chosen if key not in late])
    if not late:
        return redirect("report-home", code)
    again, asked = {key: chosen[key] for key in late}, shown.asked_of(request, report)
    proposals = workbooks.seen_before(asked, again)
    figures = workbooks.years_again(shown.years_told_by(request, report, asked), again)
    return _proposed(request, report, proposals, figures, [], status=409)


def _chosen(form: ChoiceForm, report: Report, who: User) -> dict[str, tuple[Any, int]]:
    """The words to save by key, each with the version that was shown beside them."""
    text = form.cleaned_data["carried"] if form.is_valid() else ""
    carried = workbooks.unpacked(text, report, who)
    words = {key: row.chosen(form.choice(key)) for key, row in carried.items()}
    return {k: (said, carried[k].version) for k, said in words.items() if said is not None}


def _expired(request: HttpRequest, report: Report) -> HttpResponse:
    form = WorkbookForm({}, {})
    form.errors.clear()
    form.add_error(
        "file", _("The preview is too old or was changed on its way. Send the workbook once more.")
    )
    return _page(request, report, form, status=400)


def _say(request: HttpRequest, saved: list[str]) -> None:
    figures = sum(map(observations.is_year, saved))
    answers, told = len(saved) - figures, []
    if answers or not figures:
        words = ngettext("%(n)d answer was saved.", "%(n)d answers were saved.", answers)
        told.append(words % {"n": answers})
    if figures:
        words = ngettext(
            "%(n)d yearly figure was saved.", "%(n)d yearly figures were saved.", figures
        )
        told.append(words % {"n": figures})
    messages.info(request, " ".join(told))
