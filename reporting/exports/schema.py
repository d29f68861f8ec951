"""How exports and the dictionary are described in OpenAPI."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from members.api.problems import PROBLEM
from members.api.schema import (
    JSON,
    PROBLEMS,
    REFUSALS,
    ProblemBody,
    ResourceSchema,
    row_shapes,
)

from .formats import FORMATS

OF_PAGES = ("page_size", "cursor", "fields", "include", "ordering")


class DictionarySchema(ResourceSchema):
    """The data dictionary: one JSON document."""

    def get_tags(self) -> list[str]:
        return ["dictionary"]

    def get_operation_id(self) -> str:
        return "dictionary"

    def get_summary(self) -> str:
        return "What every column of every dataset means"

    def get_description(self) -> str:
        return (
            "Code, label, type, unit, vocabulary, reasons of missing values, and since when. A "
            "column whose formats are csv and xlsx alone is no field of the JSON."
        )

    def _body(self) -> OpenApiResponse:
        return OpenApiResponse({"type": "object"}, "Datasets, each with its columns.")


class ExportSchema(ResourceSchema):
    """All rows of a resource as one file."""

    def get_tags(self) -> list[str]:
        return ["exports"]

    def get_operation_id(self) -> str:
        return f"{self._name()}_export"

    def get_summary(self) -> str:
        return f"All {self._name()} as a file"

    def get_override_parameters(self) -> list[OpenApiParameter]:
        taken = super().get_override_parameters()
        form = OpenApiParameter(
            "form",
            {"type": "string", "enum": list(FORMATS)},
            OpenApiParameter.PATH,
            required=True,
            description="The kind of file.",
        )
        name = OpenApiParameter(
            "Content-Disposition",
            str,
            OpenApiParameter.HEADER,
            description="A name for the file; one with demonstration data begins `synthetic-`.",
            response=[200],
        )
        return [form, name, *(one for one in taken if one.name not in OF_PAGES)]

    def get_response_serializers(self) -> dict[Any, Any]:
        media = [one.media_type.partition(";")[0] for one in FORMATS.values()]
        media.remove(JSON)
        about = "All rows, in the order of the key."
        row, _part = row_shapes(self._resource())
        answers: dict[Any, Any] = {
            (200, JSON): OpenApiResponse(row(many=True), about),
            (200, *media): OpenApiResponse(OpenApiTypes.BINARY, about),
        }
        answers[304] = OpenApiResponse(description="What the client holds is still the same.")
        for status in sorted([*REFUSALS, 403, 404]):
            answers[(status, PROBLEM)] = OpenApiResponse(ProblemBody, PROBLEMS[status])
        return answers
