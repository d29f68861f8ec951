"""What was submitted of a report: its versions, their difference, and files to keep."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import asking

from ... import acknowledgements, questions, words, workflow
from ...models import Report, Version
from .. import versions as shared
from ..moments import person
from . import shown


@access(rules.may_write)
@require_safe
@asking(shared.VersionsQuestion)
def versions(request: HttpRequest, form: forms.Form, code: str) -> HttpResponse:
    """Every version of the report, and what differs between two, or since the last one."""
    report = shown.own_report(request, code)
    rows = shared.listed(report)
    context = {
        "report": report,
        "member": shown.name_of(report.member),
        "rows": rows,
        "form": form,
        **_compared(request, report, form, rows),
    }
    return render(request, "reporting/writing/versions.html", context)


def _compared(
    request: HttpRequest, report: Report, form: forms.Form, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """The difference, of the questions that the reader is shown."""
    asked = shown.asked_of(request, report)
    draft = None
    if report.state in workflow.OPEN:
        draft = {q.reference: q.said for q in asked if words.begun(q.said)}
    found = shared.compared(report, form, rows, draft)
    seen = {q.reference for q in asked}
    kept = [one for one in found.get("changes", []) if one["reference"] in seen]
    return {**found, "changes": kept, "draft": draft is not None}


@access(rules.may_write)
@require_safe
def acknowledgement(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The acknowledgement as a text to keep."""
    version = _version(request, code, number)
    text = acknowledgements.as_text(version, shown.name_of(version.report.member))
    return _file(text, "text/plain; charset=utf-8", f"{code}-{number}-acknowledgement.txt")


@access(rules.may_write)
@require_safe
def canonical(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The submission to the byte, as its fingerprint was made of it."""
    version = _version(request, code, number)
    if questions.is_restricted(person(request), version.report.member):
        raise Http404
    return _file(version.content, "application/json", f"{code}-{number}.json")


def _version(request: HttpRequest, code: str, number: int) -> Version:
    report = shown.own_report(request, code)
    found = report.versions.select_related("submitted_by", "report__cycle", "report__member")
    return get_object_or_404(found, number=number)


def _file(content: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
