"""Telling in which language a report is written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access

from ... import actions
from ...forms import LanguageForm
from ..moments import at_the_right_moment, person
from . import shown


@access(rules.may_write)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def language(request: HttpRequest, code: str) -> HttpResponse:
    """The language of the report, and the mark of an unofficial translation."""
    report = shown.own_report(request, code)
    told = {"language": report.language, "unofficial_translation": report.unofficial_translation}
    form = LanguageForm(request.POST if request.method == "POST" else None, initial=told)
    if form.is_valid():
        actions.say_language(report, by=person(request), at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("report-home", code)
    status = 400 if form.is_bound else 200
    context = {"report": report, "form": form}
    return render(request, "reporting/writing/language.html", context, status=status)
