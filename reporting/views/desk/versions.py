"""The versions of a report as a reviewer compares them. A draft is not shown."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import asking
from members.models import Member

from .. import versions as shared
from .reviews import report_of


@access(rules.in_secretariat)
@require_safe
@asking(shared.VersionsQuestion)
def versions(request: HttpRequest, form: forms.Form, code: str) -> HttpResponse:
    """Every submitted version, and what differs between two; without a question the last two."""
    report = report_of(request, code)
    rows = shared.listed(report)
    name = Member.objects.named(timezone.now().date()).get(pk=report.member_id).display_name
    context = {
        "report": report,
        "member": name,
        "rows": rows,
        "form": form,
        **shared.compared(report, form, rows, None),
    }
    return render(request, "reporting/desk/versions.html", context)
