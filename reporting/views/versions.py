"""The versions of a report, and a readable difference between any two of them."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Commitment
from members.asking import Question
from members.languages import said

from .. import observations
from ..differences import in_full
from ..models import PublishedReport, Report, Version
from ..serializers import answers_of

DRAFT = "draft"


class VersionsQuestion(Question):
    """Which two versions to compare; without an answer, the two newest."""

    of = forms.RegexField(r"^[0-9]{1,4}$", label=gettext_lazy("From version"), required=False)
    to = forms.RegexField(r"^([0-9]{1,4}|draft)$", label=gettext_lazy("To version"), required=False)


def listed(report: Report) -> list[dict[str, Any]]:
    """Every version, newest first: who sent it, when, its reference, and what became of it."""
    shown = PublishedReport.objects.filter(cycle=report.cycle.code, member=report.member.code)
    published = {row.version: row for row in shown.order_by("shown_from", "pk")}
    versions = list(report.versions.select_related("submitted_by").order_by("-number"))
    return [
        {"version": v, "state": _state(report, v, versions[0], published.get(v.number))}
        for v in versions
    ]


def _state(report: Report, version: Version, newest: Version, row: PublishedReport | None) -> str:
    if row and row.shown_until is None:
        return _("published, and shown now")
    if row:
        return _("withdrawn") if row.withdrawn_because else _("published, replaced since")
    if version != newest:
        return _("replaced by a later version")
    if report.state == Report.State.DRAFT:
        return _("recalled")
    return str(report.get_state_display())


def compared(
    report: Report, form: forms.Form, rows: list[dict[str, Any]], draft: dict[str, Any] | None
) -> dict[str, Any]:
    """The two that were asked for and their difference by question; `draft` is what is written now.

    404 for a version that there is not.
    """
    numbers = {row["version"].number: row["version"] for row in rows}
    choices = [*sorted(numbers, reverse=True)]
    newest = DRAFT if draft is not None else str(choices[0]) if choices else ""
    to = form.cleaned_data["to"] or newest
    of = form.cleaned_data["of"] or _before(to, choices)
    after = draft if to == DRAFT else _said(numbers, to)
    before = _said(numbers, of)
    if before is None or after is None:
        if form.cleaned_data["of"] or form.cleaned_data["to"]:
            raise Http404
        return {"choices": choices, "of": of, "to": to}
    told = [_figures(report, numbers, which) for which in (of, to)]
    return {"choices": choices, "of": of, "to": to, "changes": changes(before, after, *told)}


def _before(to: str, choices: list[int]) -> str:
    earlier = [n for n in choices if to == DRAFT or (to.isdigit() and n < int(to))]
    return str(earlier[0]) if earlier else to


def _said(numbers: dict[int, Version], number: str) -> dict[str, Any] | None:
    version = numbers.get(int(number)) if number.isdigit() else None
    return answers_of(version) if version else None


def _figures(report: Report, numbers: dict[int, Version], which: str) -> dict[str, str]:
    """The yearly figures of one of the two, as words by clause."""
    drafted = which == DRAFT
    rows = observations.given(report) if drafted else observations.carried(numbers[int(which)])
    of = observations.by_clause(rows)
    return {reference: observations.as_text(told) for reference, told in of.items()}


def changes(
    before: dict[str, Any],
    after: dict[str, Any],
    figures_before: dict[str, str],
    figures_after: dict[str, str],
) -> list[dict[str, Any]]:
    """The questions that were answered otherwise, in their order: reference, title, fields."""
    references = before.keys() | after.keys() | figures_before.keys() | figures_after.keys()
    clauses = Commitment.objects.filter(reference__in=references).select_related("statement")
    found = []
    for clause in clauses.order_by("statement__position", "position"):
        key = clause.reference
        figures = figures_before.get(key, ""), figures_after.get(key, "")
        if fields := in_full(before.get(key), after.get(key), figures):
            found.append(
                {"reference": clause.reference, "title": said(clause.title), "fields": fields}
            )
    return found
