"""A list of the desk as a file, with all its rows."""

from collections.abc import Iterable, Sequence

from django.http import Http404, StreamingHttpResponse
from django.utils import timezone

from ...exports.formats import FORMATS
from ...tables.columns import Column

ENDINGS = ("csv", "xlsx")


def as_file(
    name: str,
    ending: str,
    lines: Iterable[bytes],
    columns: Sequence[Column],
    *,
    synthetic: bool = False,
) -> StreamingHttpResponse:
    """The rows, lines of JSON, under a name with the day; 404 for another ending."""
    if ending not in ENDINGS:
        raise Http404
    made = FORMATS[ending]
    answer = StreamingHttpResponse(made.write(lines, columns), made.media_type)
    called = f"{'synthetic-' if synthetic else ''}{name}-{timezone.now():%Y-%m-%d}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{called}"'
    return answer
