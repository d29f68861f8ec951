"""django-ninja: a schema of the row, select_related."""

import datetime as dt

from tests.bench.opponents import tables

tables.configure(
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["ninja"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import Field, NinjaAPI, Schema  # noqa: E402

from tests.bench.opponents.plain import Answer  # noqa: E402

api = NinjaAPI(docs_url=None)


class Member(Schema):
    code: str
    name: str


class Link(Schema):
    title: str
    url: str


class Row(Schema):
    report: str = Field(alias="report.code")
    cycle: str = Field(alias="report.cycle")
    member: Member = Field(alias="report.member")
    commitment: str = Field(alias="commitment.reference")
    statement: str = Field(alias="commitment.statement.code")
    status: str
    narrative: str | None
    next_steps: str | None
    obstacles: str | None
    evidence: list[Link]
    withheld: bool
    published_on: dt.date = Field(alias="report.published_on")
    synthetic: bool = Field(alias="report.synthetic")


class Page(Schema):
    results: list[Row]


@api.get("/progress", response=Page)
def progress(request):
    found = Answer.objects.select_related("report__member", "commitment__statement")
    return {"results": list(found.order_by("pk")[:100])}


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
