"""The lines of CSV that are kept beside published answers, brought up to today's columns."""

import json

from django.db import transaction

from ..models import PublishedAnswer
from ..tables.lines import progress_line

AT_ONCE = 2000


@transaction.atomic
def write_lines_anew() -> int:
    """How many kept lines were not what they would be if their answer were published now.

    Those are written anew; nothing else of a published row changes. May be repeated.
    """
    written, stale = 0, []
    found = PublishedAnswer.objects.only("row", "line").order_by("pk")
    for answer in found.iterator(chunk_size=AT_ONCE):
        line = progress_line(json.loads(answer.row))
        if line != answer.line:
            answer.line = line
            stale.append(answer)
        if len(stale) == AT_ONCE:
            written += PublishedAnswer.objects.bulk_update(stale, ["line"])
            stale = []
    return written + (PublishedAnswer.objects.bulk_update(stale, ["line"]) if stale else 0)
