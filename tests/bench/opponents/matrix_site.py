"""The matrix as a Django template over the ORM and as a Jinja2 template, with the same markup."""

from pathlib import Path

from tests.bench.opponents import tables

FOLDER = Path(__file__).resolve().parent

tables.configure(
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [FOLDER]},
        {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [FOLDER], "NAME": "jinja"},
    ],
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.urls import path  # noqa: E402

from tests.bench.opponents.plain import Answer, Commitment  # noqa: E402

CYCLE = "2024"


def answers():
    """All answers of the round with what they hang on, in one statement."""
    found = Answer.objects.filter(report__cycle=CYCLE)
    return found.select_related("report__member", "commitment").order_by("pk")


def by_django(request):
    """Members, and of each its answers, as a template walks over them."""
    rows = {}
    for answer in answers():
        rows.setdefault(answer.report.member, {})[answer.commitment_id] = answer
    return HttpResponse(render_to_string("matrix.html", _context(rows), using="django"))


def by_jinja(request):
    rows = {}
    for answer in answers():
        rows.setdefault(answer.report.member, {})[answer.commitment_id] = answer
    return HttpResponse(render_to_string("matrix.jinja", _context(rows), using="jinja"))


def _context(rows):
    order = list(Commitment.objects.order_by("pk"))
    members = sorted(rows, key=lambda member: member.name.casefold())
    table = [(member, [rows[member][clause.pk] for clause in order]) for member in members]
    return {"table": table}


urlpatterns = [path("django", by_django), path("jinja", by_jinja)]
application = get_wsgi_application()
