"""The rows of an export as lines of JSON, in the order of their key."""

from collections.abc import Iterable, Iterator

import orjson
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat

from members.api.parameters import Moment
from members.api.resources import Resource

from ..api.stored import StoredRows
from .copying import copied

AT_ONCE = 2000


def taken(resource: Resource, found: QuerySet, moment: Moment) -> tuple[Iterable[bytes], bool]:
    """Each row as the API's JSON, and whether any carries demonstration data.

    The lines may be gone through more than once. The register is some thousand rows at most,
    and made at once. Stored rows may be millions, and come out of the database as they lie there.
    """
    ordered = found.order_by(*resource.key)
    if isinstance(resource, StoredRows):
        return Stored(ordered), found.filter(synthetic=True).exists()
    objects = list(ordered)
    rows = resource.rows(objects, moment)
    lines = [orjson.dumps(row, option=orjson.OPT_UTC_Z) for row in rows]
    return lines, resource.is_synthetic(objects, rows)


class Stored:
    """Stored rows, asked for when the first is wanted: one by one, or as a stream of bytes."""

    def __init__(self, ordered: QuerySet) -> None:
        self.ordered = ordered

    def __iter__(self) -> Iterator[bytes]:
        """The rows one by one, for a format that needs to look into them."""
        for row in self.ordered.values_list("row", flat=True).iterator(chunk_size=AT_ONCE):
            yield row.encode()

    def has(self, column: str) -> bool:
        """Is this written down beside the rows?"""
        return any(field.name == column for field in self.ordered.model._meta.fields)

    def copied(self, column: str = "row", after: str = "") -> Iterator[bytes]:
        """Blocks of bytes with this column of all rows, `after` and a newline behind each."""
        text = Concat(F(column), Value(after), output_field=TextField()) if after else F(column)
        return copied(self.ordered.values_list(text))
