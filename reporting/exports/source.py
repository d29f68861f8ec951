"""The rows of an export as lines of JSON, in the order of their key."""

from collections.abc import Iterable, Iterator

import orjson
from django.db.models import QuerySet

from members.api.parameters import Moment
from members.api.resources import Resource

from ..api.stored import StoredRows

AT_ONCE = 2000


def taken(resource: Resource, found: QuerySet, moment: Moment) -> tuple[Iterable[bytes], bool]:
    """Each row as the API's JSON, and whether any carries demonstration data.

    The lines may be gone through more than once. The register is some thousand rows at most,
    and made at once. Stored rows may be millions: a cursor of the database hands them out in
    portions, so that memory stays flat and no statement lasts as long as the slowest client.
    """
    ordered = found.order_by(*resource.key)
    if isinstance(resource, StoredRows):
        return Stored(ordered), found.filter(synthetic=True).exists()
    objects = list(ordered)
    rows = resource.rows(objects, moment)
    lines = [orjson.dumps(row, option=orjson.OPT_UTC_Z) for row in rows]
    return lines, resource.is_synthetic(objects, rows)


class Stored:
    """The text of stored rows, asked for when the first is wanted."""

    def __init__(self, ordered: QuerySet) -> None:
        self.rows = ordered.values_list("row", flat=True)

    def __iter__(self) -> Iterator[bytes]:
        for row in self.rows.iterator(chunk_size=AT_ONCE):
            yield row.encode()
