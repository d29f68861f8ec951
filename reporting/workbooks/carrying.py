"""What was previewed, on its way to the confirmation: signed, in the form, and nowhere else.

The server keeps nothing between the two pages. The signature says who saw it, for which report
and until when; the words are checked again when they are saved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from members.models import User

from ..models import Report
from .bounds import Refused
from .comparing import Compared, Said
from .figures import Figure

HOURS = 4
MOST_CARRIED = 1_200_000  # characters; the limit of a request's body is not much more


class Expired(Exception):
    """The preview is too old, not this person's or not as it was made."""


@dataclass(frozen=True)
class Carried:
    """One question or year of the preview: the version that was shown, and texts to choose."""

    version: int
    mine: Said
    both: Said

    def chosen(self, which: str) -> Said | None:
        """The words that were chosen; None where the answer is to stay as it is."""
        return {"mine": self.mine, "both": self.both}.get(which)


def packed(proposals: Iterable[Compared | Figure], report: Report, person: User) -> str:
    """The changes and conflicts as one signed text. Raises Refused when it is too long to send."""
    rows = {
        p.key: [p.version, p.mine, p.both if p.kind == "conflict" else None]
        for p in proposals
        if p.kind in ("change", "conflict")
    }
    text = signing.dumps(rows, salt=_salt(report, person), compress=True)
    if len(text) > MOST_CARRIED:
        raise Refused(_("The workbook changes too much at once. Bring it back in two parts."))
    return text


def unpacked(text: str, report: Report, person: User) -> dict[str, Carried]:
    """What `packed` was given, by key. Raises Expired when it is not what was shown."""
    try:
        rows: dict[str, Any] = signing.loads(text, salt=_salt(report, person), max_age=HOURS * 3600)
    except signing.BadSignature as error:
        raise Expired from error
    return {
        key: Carried(version, mine, both or mine) for key, (version, mine, both) in rows.items()
    }


def _salt(report: Report, person: User) -> str:
    return f"workbook:{report.pk}:{person.pk}"
