"""The rows of an export as lines of JSON, in the order of their key."""

from collections.abc import Iterator

import orjson
from django.db.models import QuerySet

from members.api.parameters import Moment
from members.api.resources import Resource

from ..api.stored import StoredRows

AT_ONCE = 2000


def lines_of(resource: Resource, found: QuerySet, moment: Moment) -> Iterator[bytes]:
    """Each row as the API's JSON. Stored rows are read as they are taken, others at once.

    The register is some thousand rows at most. Stored rows may be millions: a cursor of the
    database hands them out in portions, so that memory stays flat and no statement lasts as
    long as the slowest client.
    """
    ordered = found.order_by(*resource.key)
    if isinstance(resource, StoredRows):
        stored = ordered.values_list("row", flat=True)
        return (row.encode() for row in stored.iterator(chunk_size=AT_ONCE))
    rows = resource.rows(list(ordered), moment)
    return iter([orjson.dumps(row, option=orjson.OPT_UTC_Z) for row in rows])


def is_synthetic(resource: Resource, found: QuerySet, moment: Moment) -> bool:
    """Do the rows carry demonstration data? Known before the first of them is sent."""
    if isinstance(resource, StoredRows):
        return found.filter(synthetic=True).exists()
    objects = list(found.order_by(*resource.key))
    return resource.is_synthetic(objects, resource.rows(objects, moment))
