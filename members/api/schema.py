"""How the addresses of the API are described in OpenAPI, from what their resources say."""

from copy import deepcopy
from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from ..filters import FlagFilter, WordsFilter, YearsFilter
from .parameters import LARGEST_PAGE, PAGE_SIZE
from .problems import PROBLEM

JSON = "application/json"


class FaultRow(serializers.Serializer):
    field = serializers.CharField(allow_null=True, help_text="The parameter, or null.")
    code = serializers.CharField(help_text="A word that a program can act on.")
    detail = serializers.CharField(help_text="A sentence for people.")


class ProblemBody(serializers.Serializer):
    """An error, as RFC 9457 describes it, with one entry per fault."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FaultRow(many=True)


PROBLEMS = {
    400: "An unknown or repeated parameter, an unknown code, or a value out of range.",
    401: "The token in Authorization is unknown, expired, revoked or at rest.",
    403: "The token is not for this: its scope is `rows`, and this is a whole file.",
    404: "There is no such row.",
    405: "The API is read-only.",
    410: "It was published and has been withdrawn; the detail is the public reason.",
    411: "The request has a body that does not say how long it is.",
    412: "A condition of the request (If-Match, If-Unmodified-Since) does not hold.",
    413: "The body of the request is larger than this site takes.",
    414: "The address is longer than the server reads (4,094 bytes with the method).",
    417: "The request expects (Expect) something else than 100-continue.",
    429: "Too many requests from one client; Retry-After says how long to wait.",
    431: "A header is longer than the server reads, or there are too many of them.",
    503: "The database is away; Retry-After says how long to wait.",
}
# What any address here can answer, whatever it is asked.
REFUSALS = [400, 401, 405, 411, 412, 413, 414, 417, 429, 431, 503]
EXAMPLE_FAULT = {
    "field": "member",
    "code": "unknown_code",
    "detail": "member: Not known here: 'XYZ'.",
}
EXAMPLE_PROBLEM = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "member: Not known here: 'XYZ'.",
    "errors": [
        {"field": "member", "code": "unknown_code", "detail": "member: Not known here: 'XYZ'."}
    ],
}


class ResourceSchema(AutoSchema):
    """Describes the list of resources, a page of one, or a single row."""

    def get_tags(self) -> list[str]:
        return [self._name()]

    def get_operation_id(self) -> str:
        return self._name() + ("_row" if self._is_row() else "")

    def get_summary(self) -> str:
        if self._resource() is None:
            return "The resources of this API"
        return f"{'One of' if self._is_row() else 'A page of'} the {self._name()}"

    def get_description(self) -> str:
        resource = self._resource()
        return resource.about if resource else "The name and the address of each resource."

    def get_auth(self) -> list[dict[str, Any]]:
        """Nobody needs a token, and anybody may send one."""
        return [{}, {"token": []}]

    def get_request_serializer(self) -> None:
        return None

    def get_override_parameters(self) -> list[OpenApiParameter]:
        resource, given = self._resource(), [*_headers()]
        if resource is None:
            return given
        if resource.dated:
            given.append(_query("as_of", _AS_OF, type=OpenApiTypes.DATE))
        given += _choices(resource, without="ordering" if self._is_row() else "")
        if self._is_row():
            example = OpenApiExample("key", value=self._example()[resource.item])
            return [*given, _in_path(example)]
        return [*given, *_paging(), *_filters(resource)]

    def get_response_serializers(self) -> dict[Any, Any]:
        problems = [*REFUSALS, *([404, 410] if self._is_row() else [])]
        answers: dict[Any, Any] = {(200, JSON): self._body()}
        answers[304] = OpenApiResponse(description="What the client holds is still the same.")
        for status in sorted(problems):
            examples = [OpenApiExample("unknown code", value=EXAMPLE_PROBLEM)]
            answers[(status, PROBLEM)] = OpenApiResponse(
                ProblemBody, PROBLEMS[status], examples if status == 400 else []
            )
        return answers

    def _body(self) -> OpenApiResponse:
        resource = self._resource()
        if resource is None:
            links = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
            return OpenApiResponse(links, "The address of each resource by its name.")
        row = self._row_of(resource)
        if self._is_row():
            example = OpenApiExample("a row", value=self._example())
            return OpenApiResponse(row, resource.about, [example])
        page = {"next": None, "previous": None, "results": [self._example()]}
        example = OpenApiExample("a page", value=page)
        return OpenApiResponse(_page_of(row), "Rows in the order asked for.", [example])

    def _row_of(self, resource: Any) -> dict[str, Any]:
        """A whole row, or with `fields` a part of one; with `include` rows of others beside it."""
        whole, part = row_shapes(resource)
        return {"anyOf": [self.resolve_serializer(one, "response").ref for one in (whole, part)]}

    def _resource(self) -> Any:
        return getattr(self.view, "resource", None)

    def _example(self) -> Any:
        return getattr(self.view, "example", None)

    def _name(self) -> str:
        return self._resource().name if self._resource() else "index"

    def _is_row(self) -> bool:
        return "{key}" in self.path


_AS_OF = (
    "A day (UTC). The rows are those in force, or shown, at the end of that day; "
    "without it, those of today. Days to come are allowed."
)


_CHOICES = {
    "fields": (
        "The fields that a row is to have, by commas; `missing` comes along and says why one of "
        "them is empty."
    ),
    "include": "Rows that a row refers to, given beside it under `included`; by commas.",
    "ordering": (
        "The column to order by, falling with a hyphen before it. Equal rows follow in the order "
        "of the key, falling too; text by code point; what has no day comes last."
    ),
}


def _query(name: str, about: str, **facts: Any) -> OpenApiParameter:
    return OpenApiParameter(name, description=about, location=OpenApiParameter.QUERY, **facts)


def _in_path(example: OpenApiExample) -> OpenApiParameter:
    return OpenApiParameter(
        "key",
        str,
        OpenApiParameter.PATH,
        required=True,
        examples=[example],
        pattern="^[-a-zA-Z0-9_]+$",
    )


def _paging() -> list[OpenApiParameter]:
    size: dict[str, Any] = {
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST_PAGE,
        "default": PAGE_SIZE,
    }
    sign = {"type": "string", "minLength": 1}
    cursor = "Where the page begins. Take it from `next` or `previous` as it stands."
    return [
        _query("page_size", "Rows on a page.", type=size),
        _query("cursor", cursor, type=sign),
    ]


def _filters(resource: Any) -> list[OpenApiParameter]:
    declared = resource.filters.base_filters.items() if resource.filters else ()
    return [_query(name, str(one.label), **_shape_of(one)) for name, one in declared]


def _shape_of(one: Any) -> dict[str, Any]:
    """The type of a filter's value; several codes stand in one parameter, between commas."""
    if isinstance(one, FlagFilter):
        return {"type": {"type": "boolean"}}
    if isinstance(one, WordsFilter):
        return {"type": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": _WORDS}}
    code: dict[str, Any] = {"type": "string", "minLength": 1}
    if isinstance(one, YearsFilter):
        code["pattern"] = "^[0-9]{4}$"
    elif one.vocabulary is not None:
        code = {"type": "string", "enum": one.vocabulary}
    several = {"type": "array", "items": code, "minItems": 1}
    return {"type": several, "explode": False, "style": "form"}


# What `members.text` lets pass; U+FFFD stands for bytes that were no text.
_WORDS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]*$"


ANSWERED = [200, 400, 401, 403, 404, 405, 410, 412, 429]  # by a view, in a body
# What an answer of these statuses can carry: the schema of the header, and what it tells.
SENT: dict[str, tuple[list[int], dict[str, Any], str]] = {
    "ETag": ([200, 304], {}, "Send it as If-None-Match to be told 304 while nothing changed."),
    "Last-Modified": ([200, 304], {}, "When the published data last changed."),
    "Vary": ([*ANSWERED, 304], {"enum": ["Accept-Encoding"]}, "Nothing else changes the bytes."),
    "Content-Encoding": (ANSWERED, {"enum": ["gzip"]}, "For who sends Accept-Encoding: gzip."),
    "Link": (
        [200],
        {},
        "next and prev as in the body; describedby the dictionary, service-desc this document, "
        "service-doc the page in words, license; deprecation where something is going away.",
    ),
    "X-Data": ([200, 410], {"enum": ["synthetic"]}, "It carries demonstration data."),
    "X-Widened": ([200], {}, "The groups of terms that `q` also looked for, by commas."),
    "RateLimit-Policy": (
        [*ANSWERED, 304],
        {},
        'How many requests a client, or a token, has in how many seconds: `"minute";q=6000;w=60`.',
    ),
    "RateLimit": (
        [*ANSWERED, 304],
        {},
        'How many are left, and in how many seconds all are there again: `"minute";r=5987;t=41`.',
    ),
    "WWW-Authenticate": ([401, 403], {}, "Which scheme is taken, and what is wrong (RFC 6750)."),
    "Retry-After": ([429, 503], {"type": "integer", "minimum": 1}, "Seconds to wait."),
    "Deprecation": ([200], {}, "Since when something the request used is discouraged (RFC 9745)."),
    "Sunset": ([200], {}, "Until when it works (RFC 8594)."),
    "Access-Control-Allow-Origin": (
        [*ANSWERED, 304, 503],
        {"enum": ["*"]},
        "A page of any site may read the answer.",
    ),
}


def _headers() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            name,
            {"type": "string"} | shape,
            OpenApiParameter.HEADER,
            description=about,
            response=statuses,
        )
        for name, (statuses, shape, about) in SENT.items()
    ]


def _choices(resource: Any, without: str) -> list[OpenApiParameter]:
    """The parameters that choose what a row holds and how rows are ordered."""
    given = []
    for name, known in resource.choices().items():
        if name == "ordering" and name != without:
            one = {"type": "string", "enum": known}
            given.append(_query(name, _CHOICES[name], type=one))
        elif name != without:
            several = {"type": "array", "items": {"type": "string", "enum": known}, "minItems": 1}
            given.append(_query(name, _CHOICES[name], type=several, explode=False, style="form"))
    return given


def _page_of(row: dict[str, Any]) -> dict[str, Any]:
    """The body that every page has, for rows of this kind."""
    address = {"type": "string", "format": "uri", "nullable": True}
    return {
        "type": "object",
        "description": "One page of rows.",
        "required": ["next", "previous", "results"],
        "properties": {
            "next": address | {"description": "The next page, or null."},
            "previous": address | {"description": "The page before, or null."},
            "results": {"type": "array", "items": row},
        },
    }


def row_shapes(resource: Any) -> tuple[type[serializers.Serializer], ...]:
    """A whole row of the resource, and the part of one that `fields` leaves."""
    return _row_shapes(type(resource))


@cache
def _row_shapes(resource: Any) -> tuple[type[serializers.Serializer], ...]:
    row = resource.row
    fields = {"included": _included(resource)} if resource.includes else {}
    whole: Any = type(row.__name__, (row,), {"__doc__": resource.about, **fields})
    optional = {
        name: type(one)(*one._args, **deepcopy(one._kwargs) | {"required": False})
        for name, one in whole._declared_fields.items()
    }
    about = {"__doc__": "With `fields`: those of a row."}
    return whole, type(f"PartOf{row.__name__}", (serializers.Serializer,), about | optional)


def _included(resource: Any) -> serializers.Serializer:
    fields = {
        name: row_shapes(wanted.resource)[0](required=False)
        for name, wanted in resource.includes.items()
    }
    name = f"Beside{resource.row.__name__}"
    about = {"__doc__": "With `include`: the rows that the row refers to."}
    return type(name, (serializers.Serializer,), {**about, **fields})(required=False)
