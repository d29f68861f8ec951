"""Pages of words: what the data are and are not, how to ask for them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from members.access import access, anyone
from members.api.deprecation import DEPRECATED
from members.api.parameters import read
from members.api.problems import Refused, problem
from members.asking import reads_parameters

from ...exports.dictionary import dictionary
from .examples import examples

# The resources of the API, what a row of each is, and the filters that it takes.
RESOURCES = [
    ("statements", _("a public text"), "binding"),
    (
        "commitments",
        _("one clause, with its words"),
        "statement, kind, duty, theme, is_leaf, q",
    ),
    ("members", _("a member, with its names and groups"), "kind, region, statement, group, q"),
    ("signatures", _("a name under a text"), "member, statement"),
    (
        "obligations",
        _("one member's obligation on one clause, and why"),
        "member, statement, commitment, basis",
    ),
    ("cycles", _("a round of reports, with its figures"), "state"),
    ("reports", _("a published report"), "cycle, member, kind, region"),
    (
        "progress",
        _("a published answer to one clause"),
        "cycle, member, commitment, statement, status, theme, kind, region, q",
    ),
    ("indicators", _("a measured quantity"), "indicator, member, year"),
    ("observations", _("a member's value for a year"), "indicator, member, year"),
    ("verdicts", _("the judgement on a numeric target"), "indicator, member, year"),
    ("summaries", _("a built roll-up, with numerators and denominators"), "scope"),
    (
        "figures",
        _("one figure of a summary, with its denominator and its share"),
        "scope, scope_kind, cycle, kind, figure",
    ),
    ("errata", _("a mistake in what was published, and its correction"), "dataset"),
]

# The parts of the page about the API, in their order.
PARTS = [
    ("first", _("A first request")),
    ("pages", _("Pages")),
    ("asking", _("Filters and days")),
    ("choosing", _("Less, more, in order")),
    ("missing", _("Missing values")),
    ("files", _("Whole files")),
    ("again", _("Asking again")),
    ("limits", _("Limits")),
    ("tokens", _("Tokens")),
    ("errors", _("Errors")),
    ("stays", _("What stays as it is")),
    ("resources", _("Resources")),
]


@access(anyone)
def about(request: HttpRequest) -> HttpResponse:
    """What is recorded, what the figures do not say, corrections, licence, help, privacy."""
    context = {"first_cycle": settings.FIRST_CYCLE, "licence": settings.DATA_LICENCE}
    return render(request, "reporting/about.html", context)


@access(anyone)
@reads_parameters
def api(request: HttpRequest) -> HttpResponse:
    """How to ask the API, with an example that can be copied; it refuses as the API does."""
    try:
        read(request.GET, own=())
    except Refused as refused:
        return problem(refused.status, refused.faults)
    context = {
        "resources": RESOURCES,
        "site": settings.SITE_URL,
        "examples": examples(settings.SITE_URL),
        "toc": [{"url": f"#{anchor}", "words": words} for anchor, words in PARTS],
        "missing": dictionary()["missing_values"],
        "limit": settings.API_REQUESTS_PER_MINUTE,
        "more": settings.API_TOKEN_REQUESTS_PER_MINUTE,
        "going": DEPRECATED,
    }
    return render(request, "reporting/api.html", context)
