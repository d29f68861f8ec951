"""The addresses of exports and of the data dictionary."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from members.api import parameters
from members.api.parameters import Asked, Moment
from members.api.problems import Fault, Refused
from members.api.resources import Resource
from members.api.views import ApiView, Described

from .datasets import DATASETS
from .dictionary import dictionary
from .formats import FORMATS, MOST_ROWS_OF_A_SHEET
from .source import taken


class DictionaryView(ApiView):
    """What every column of every dataset means."""

    schema = Described("reporting.exports.schema.DictionarySchema")

    def body(self, found: Any, asked: Asked, moment: Moment) -> tuple[Any, bool]:
        return dictionary(), False


class ExportView(ApiView):
    """All rows of a resource as one file, with the filters of the resource and without pages."""

    resource: Resource | None = None
    example: dict[str, Any] | None = None
    schema = Described("reporting.exports.schema.ExportSchema")
    scope = "files"

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        """The file, or 304. A workbook tells the time it was made at, so its ETag is a weak one."""
        answer = super().get(request, **kwargs)
        if kwargs["form"] == "xlsx" and "ETag" in answer.headers:
            answer["ETag"] = f"W/{answer['ETag']}"
        return answer

    def read(self, request: HttpRequest) -> Asked:
        if self.kwargs["form"] not in FORMATS:
            detail = f"A file ends in one of: {', '.join(FORMATS)}."
            raise Refused(404, Fault("address", "not_found", detail))
        own = {"as_of"} if self.resource.dated else ()
        return parameters.read(request.GET, own=own, filters=self.resource.filter_names())

    def look_up(self, asked: Asked, moment: Moment) -> QuerySet:
        found = self.resource.filtered(moment, asked.filters)
        if self.kwargs["form"] == "xlsx" and found.count() > MOST_ROWS_OF_A_SHEET:
            detail = f"A sheet holds {MOST_ROWS_OF_A_SHEET} rows. Filter, or take another format."
            raise Refused(400, Fault("address", "too_many_rows", detail))
        return found

    def written(
        self, found: QuerySet, asked: Asked, moment: Moment
    ) -> tuple[HttpResponseBase, bool]:
        resource, form = self.resource, FORMATS[self.kwargs["form"]]
        lines, synthetic = taken(resource, found, moment)
        blocks: Iterable[bytes] = ()
        if self.request.method != "HEAD":
            blocks = form.write(lines, DATASETS[resource.name])
        answer = StreamingHttpResponse(blocks, content_type=form.media_type)
        name = f"{'synthetic-' if synthetic else ''}{resource.name}-{moment.day}.{form.ending}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer, synthetic
