"""The addresses of the API: the list of resources, their pages, their single rows, the schema."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from ..access import access
from ..asking import reads_parameters
from ..rules import anyone
from . import deprecation, freshness, parameters
from .pages import page_of, page_url
from .parameters import Asked, Moment
from .problems import Fault, Refused, problem
from .resources import Resource, fields_of
from .shape import shaped
from .throttle import PerMinute
from .tokens import REALM, BearerToken

JSON = "application/json"
_LAYOUT = orjson.OPT_UTC_Z
EXPOSED = (
    "ETag, Last-Modified, Link, X-Data, X-Widened, Retry-After, RateLimit, RateLimit-Policy, "
    "Deprecation, Sunset, Content-Disposition, WWW-Authenticate"
)


PRIVATE = "private, max-age=0, must-revalidate"


class Described:
    """What describes a view in OpenAPI, by its dotted path.

    It is imported when the document is made: its library takes longer than the rest of the API.
    """

    def __init__(self, by: str) -> None:
        self.by = by

    def __get__(self, view: Any, owner: Any = None) -> Any:
        schema = import_string(self.by)()
        schema.view = view
        return schema


class AlwaysJson(BaseContentNegotiation):
    """JSON whatever the client says it accepts: there is nothing else to give."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


@access(anyone)
@reads_parameters
class ApiView(APIView):
    """An answer that anyone may read, from any site, and ask for again by its ETag.

    A subclass says which parameters it takes, what it looks up, which may refuse, and what body
    it makes of that; a request whose client holds the answer already gets neither.
    """

    content_negotiation_class = AlwaysJson
    renderer_classes = [JSONRenderer]
    authentication_classes: Sequence[Any] = (BearerToken,)
    permission_classes: Sequence[Any] = ()
    media_type = JSON
    scope = "rows"  # what a token has to be for; who has none need not have one
    throttle = PerMinute()

    def read(self, request: HttpRequest) -> Asked:
        return parameters.read(request.GET, own=())

    def look_up(self, asked: Asked, moment: Moment) -> Any:
        return None

    def body(self, found: Any, asked: Asked, moment: Moment) -> tuple[Any, bool]:
        """What is answered, and whether it carries synthetic data."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        """The answer, or 304 when the client holds it."""
        asked = self.read(request)
        moment = Moment(timezone.now(), asked.as_of)
        stamp = freshness.stamp(request, moment.now)
        if stamp.is_held_by(request):
            return stamp.not_modified()
        with translation.override("en"):
            found = self.look_up(asked, moment)
            if (early := stamp.conditional(request)) is not None:
                return _as_problem(early)
            answer, synthetic = self.written(found, asked, moment)
        if synthetic:
            answer["X-Data"] = "synthetic"
        for name, value in self.notes(asked).items():
            answer[name] = value
        answer["Link"] = ", ".join(self.links(answer))
        deprecation.told(answer, self.used(asked))
        return stamp.on(answer)

    def links(self, answer: HttpResponseBase) -> list[str]:
        """What the answer leads to: its dictionary, this API described, its words, its licence."""
        return _standing_links()

    def used(self, asked: Asked) -> set[str]:
        """What of the API the request used, as the table of what is going away names it."""
        if (resource := getattr(self, "resource", None)) is None:
            return set()
        fields = asked.fields or fields_of(resource.row)
        return {
            resource.name,
            *(f"{resource.name}.{field}" for field in fields),
            *(f"{resource.name}?{one}" for one in self.request.GET),
        }

    def notes(self, asked: Asked) -> dict[str, str]:
        """Headers that tell how the request was read."""
        resource = getattr(self, "resource", None)
        return resource.notes(asked.filters) if resource else {}

    def written(self, found: Any, asked: Asked, moment: Moment) -> tuple[HttpResponseBase, bool]:
        """The answer without its common headers, and whether it carries synthetic data."""
        body, synthetic = self.body(found, asked, moment)
        text = orjson.dumps(body, option=_LAYOUT)
        return HttpResponse(text, content_type=self.media_type), synthetic

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The methods that this address takes, for browsers too."""
        answer = HttpResponse(status=204)
        del answer["Content-Type"]  # there is no content
        answer["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        answer["Access-Control-Allow-Headers"] = "Authorization, If-None-Match, If-Modified-Since"
        answer["Access-Control-Max-Age"] = "86400"
        return answer

    def check_permissions(self, request: Request) -> None:
        """A token serves what its scope names, so that one that has leaked serves no more."""
        if request.auth is not None and not request.auth.covers(self.scope):
            detail = "This token is not for whole files. Without a token they are open."
            header = f'{REALM}, error="insufficient_scope", scope="{self.scope}"'
            fault = Fault("Authorization", "insufficient_scope", detail)
            raise Refused(403, fault, WWW_Authenticate=header)

    def get_throttles(self) -> list[PerMinute]:
        self.throttle = PerMinute()
        return [self.throttle]

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Expose-Headers"] = EXPOSED
        for name, value in self.throttle.told().items():
            response[name] = value
        response["Content-Language"] = "en"
        if "Authorization" in request.headers:  # the bytes are everyone's, the limits one's own
            kept = "no-store" if response.status_code >= 400 else PRIVATE
            response["Cache-Control"] = kept
        return response


class PageView(ApiView):
    """One page of a resource's rows."""

    resource: Resource | None = None
    example: dict[str, Any] | None = None
    schema = Described("members.api.schema.ResourceSchema")

    def read(self, request: HttpRequest) -> Asked:
        own = {"page_size", "cursor"} | ({"as_of"} if self.resource.dated else set())
        choices, filters = self.resource.choices(), self.resource.filter_names()
        return parameters.read(request.GET, own=own, filters=filters, choices=choices)

    def look_up(self, asked: Asked, moment: Moment) -> QuerySet:
        return self.resource.filtered(moment, asked.filters)

    def body(self, found: QuerySet, asked: Asked, moment: Moment) -> tuple[Any, bool]:
        resource = self.resource
        found, key, key_of = resource.ordered(found, asked.ordering)
        page = page_of(found, key=key, key_of=key_of, asked=asked, name=resource.name)
        rows = resource.rows(page.objects, moment)
        links = {
            "next": page_url(self.request, page.next),
            "previous": page_url(self.request, page.previous),
        }
        self.beside = {"next": links["next"], "prev": links["previous"]}
        synthetic = resource.is_synthetic(page.objects, rows)
        rows = shaped(page.objects, rows, resource, asked, moment)
        return links | {"results": rows}, synthetic

    def links(self, answer: HttpResponseBase) -> list[str]:
        """The pages beside this one, too, for clients that read no body."""
        beside = [f'<{to}>; rel="{how}"' for how, to in self.beside.items() if to]
        return [*beside, *super().links(answer)]


class ItemView(ApiView):
    """The single row of a resource that has this key."""

    resource: Resource | None = None
    example: dict[str, Any] | None = None
    schema = Described("members.api.schema.ResourceSchema")

    def read(self, request: HttpRequest) -> Asked:
        own, choices = {"as_of"} if self.resource.dated else set(), self.resource.choices()
        choices.pop("ordering", None)
        return parameters.read(request.GET, own=own, choices=choices)

    def look_up(self, asked: Asked, moment: Moment) -> Any:
        return self.resource.one(self.kwargs["key"], moment)

    def body(self, found: Any, asked: Asked, moment: Moment) -> tuple[Any, bool]:
        rows = self.resource.rows([found], moment)
        synthetic = self.resource.is_synthetic([found], rows)
        return shaped([found], rows, self.resource, asked, moment)[0], synthetic


class IndexView(ApiView):
    """The resources and where they are."""

    names: Sequence[str] = ()
    schema = Described("members.api.schema.ResourceSchema")

    def body(self, found: Any, asked: Asked, moment: Moment) -> tuple[Any, bool]:
        def address(name: str) -> str:
            return self.request.build_absolute_uri(reverse(f"api-{name}"))

        return {name: address(name) for name in self.names}, False


class SchemaView(ApiView):
    """This API as an OpenAPI document."""

    schema = None
    media_type = "application/vnd.oai.openapi+json"

    def body(self, found: Any, asked: Asked, moment: Moment) -> tuple[Any, bool]:
        return openapi(), False


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document, made once per process."""
    from drf_spectacular.generators import SchemaGenerator  # takes a while, for this alone

    return SchemaGenerator().get_schema(request=None, public=True)


def addresses(
    resources: Sequence[Resource],
    examples: dict[str, dict[str, Any]],
    beside: Sequence[str] = (),
) -> list[URLPattern]:
    """The URL patterns of an API of these resources: the list, the schema, pages and rows.

    `examples` has a row of each resource for the schema; `beside` names what the list has too.
    """
    names = [*(resource.name for resource in resources), *beside, "schema"]
    found = [
        path("", IndexView.as_view(names=names), name="api"),
        path("schema/", SchemaView.as_view(), name="api-schema"),
    ]
    for resource in resources:
        given = {"resource": resource, "example": examples[resource.name]}
        pages = PageView.as_view(**given)
        found.append(path(f"{resource.name}/", pages, name=f"api-{resource.name}"))
        if resource.item:
            row = ItemView.as_view(**given)
            found.append(path(f"{resource.name}/<slug:key>/", row, name=f"api-{resource.name}-row"))
    return found


@cache
def _standing_links() -> list[str]:
    to = {"describedby": reverse("api-dictionary"), "service-desc": reverse("api-schema")}
    to |= {"service-doc": "/api/", "license": settings.DATA_LICENCE[2]}
    return [f'<{address}>; rel="{how}"' for how, address in to.items()]


def _as_problem(early: HttpResponse) -> HttpResponse:
    """A failed precondition (412) as a problem; a 304 as it is."""
    if early.status_code != 412:
        return early
    return problem(412, [Fault(None, "precondition_failed", "The answer has changed since then.")])
