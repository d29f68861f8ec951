"""Where the header leads: the public site, the secretariat's desk, or one member's report.

The desk offers a page to those whom its own rule lets in, so that no link ends in a refusal.
"""

from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import rules
from members.access import rule_of
from members.rules import Person
from reporting.models import Report

register = template.Library()

Place = dict[str, Any]

DESK = (
    ("desk", gettext_lazy("Today")),
    ("desk-members", gettext_lazy("Members")),
    ("desk-reviews", gettext_lazy("Reports")),
    ("desk-statements", gettext_lazy("Statements")),
    ("desk-import", gettext_lazy("Import")),
    ("desk-rounds", gettext_lazy("Rounds")),
    ("people", gettext_lazy("People")),
)
MORE = (
    ("outbox", gettext_lazy("Messages")),
    ("desk-requests", gettext_lazy("Requests about due dates")),
    ("rehearsal", gettext_lazy("Reminders to come")),
    ("desk-guidance", gettext_lazy("Guidance for writers")),
    ("desk-all-collective", gettext_lazy("Clauses owed by the alliance as a whole")),
    ("desk-support", gettext_lazy("Support asked for")),
    ("desk-meetings", gettext_lazy("Summits and meetings")),
    ("names", gettext_lazy("Whom a printed name means")),
    ("freezes", gettext_lazy("Frozen members")),
    ("desk-errata", gettext_lazy("Errata")),
    ("erasures", gettext_lazy("Erasures")),
    ("builds", gettext_lazy("Long jobs")),
    ("operations", gettext_lazy("Operations")),
    ("admin:index", gettext_lazy("Reference data")),
)
# Pages that belong to a place of the desk and do not lie below its address.
BELOW = {
    "desk-reviews": ("/secretariat/reports/",),
    "desk-statements": ("/secretariat/wordings/",),
    "desk-requests": ("/secretariat/extensions/",),
}


@register.simple_tag(takes_context=True)
def places(context: Context) -> dict[str, Any]:
    """The main links of the page's header (_places.html), and what the site calls itself there."""
    request = context.get("request")
    reader, path = getattr(request, "user", None), getattr(request, "path", "")
    if path.startswith("/secretariat/") and rules.in_secretariat(reader):
        return _of_the_desk(reader, path)
    report = context.get("report")
    if path.startswith("/reporting/") and isinstance(report, Report) and report.pk:
        return _of_a_report(report, reader, path)
    return {"here": "public"}


def _of_the_desk(reader: Person, path: str) -> dict[str, Any]:
    shown, more = (
        [_place(name, words, path) for name, words in pages if _opens(name, reader)]
        for pages in (DESK, MORE)
    )
    brand = {"url": reverse("desk"), "words": _("Secretariat")}
    return {"here": "desk", "brand": brand, "shown": shown, "more": more}


def _of_a_report(report: Report, reader: Person, path: str) -> dict[str, Any]:
    """The pages of one report; people and dates are the member's own matter."""
    pages = [("report-home", _("Report")), ("report-check", _("Check and submit"))]
    if rules.is_focal_point(reader, report.member):
        pages.append(("report-people", _("People")))
    if rules.represents(reader, report.member):
        pages.append(("report-extension", _("Deadlines")))
    shown = [_place(name, words, path, report.code) for name, words in pages]
    brand = {
        "url": reverse("my-reports"),
        "words": _("%(code)s: reporting") % {"code": report.code},
    }
    return {"here": "report", "brand": brand, "shown": shown}


def _opens(name: str, reader: Person) -> bool:
    rule = _rule(name)
    return bool(rule and rule(reader))


@cache  # twenty addresses on every page of the desk; their views stay
def _rule(name: str) -> Any:
    return rule_of(resolve(reverse(name)).func)


def _place(name: str, words: Any, path: str, *args: str) -> Place:
    """A link; `now` says whether the page is it, or lies below it (the first of a place never)."""
    url = reverse(name, args=args)
    first = name in ("desk", "report-home")
    below = not first and path.startswith((url, *BELOW.get(name, ())))
    return {"url": url, "words": words, "now": "page" if path == url else "true" if below else ""}
