"""What the page of checking says of each answer: since when it stands, and what has changed."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ... import checks, differences, observations
from ...models import Report, Version
from ...observations import by_clause
from ...questions import Question
from ...serializers import answers_of
from ...workflow import OPEN
from . import shown

SHORT = 400  # characters: a difference up to this long stands open


@dataclass(frozen=True)
class Submitted:
    """What was submitted last before what is shown: answers and yearly figures by clause."""

    number: int
    said: dict[str, dict[str, Any]]
    observed: dict[str, list[dict[str, Any]]]


def changes(report: Report, asked: list[Question]) -> dict[str, Any]:
    """The answers by section, each with how it stands to earlier ones, and how many changed."""
    versions = list(report.versions.order_by("-number")[:2])
    last = _submitted(versions if report.state in OPEN else versions[1:])
    sections: dict[tuple[str, str], list[dict[str, Any]]] = {}
    counts: Counter[str] = Counter()
    for q in asked:
        if q.is_owed or q.said["status"] or (last and q.reference in last.said):
            row = _row(report, q, last)
            counts.update([f"round {row['round']}", f"version {row['version']}"])
            key = (q.commitment.statement.code, q.commitment.section)
            sections.setdefault(key, []).append(row)
    return {
        "sections": [
            {"statement": s, "name": n, "rows": rows} for (s, n), rows in sections.items()
        ],
        "version": last,
        "changed": counts["version changed"] + counts["version new"] if last else 0,
        "changed_since_round": counts["round changed"],
        "as_in_round": counts["round same"],
    }


def _submitted(versions: list[Version]) -> Submitted | None:
    if not versions:
        return None
    said, rows = answers_of(versions[0]), observations.carried(versions[0])
    return Submitted(versions[0].number, said, by_clause(rows))


def _row(report: Report, q: Question, last: Submitted | None) -> dict[str, Any]:
    of_round, since_round = _since_round(q)
    of_version, since_version = _since_version(q, last)
    notes = [note for note in (_of_round(q, of_round), _of_version(last, of_version)) if note]
    fields = since_version if last else since_round
    return {
        "q": q,
        "url": shown.url_of(report, q),
        "round": of_round if q.said["status"] else "",
        "version": of_version if q.said["status"] else "",
        "notes": notes,
        "since": capfirst(notes[-1]) if fields and notes else "",
        "fields": fields,
        "is_short": sum(len(text) for one in fields for _kind, text in one["pieces"]) <= SHORT,
    }


def _since_round(q: Question) -> tuple[str, list[dict[str, Any]]]:
    """How the answer stands to that of the last published report, and where they differ."""
    if q.earlier is None:
        return "new", []
    return _compared(q, q.earlier.said, q.earlier.observed)


def _since_version(q: Question, last: Submitted | None) -> tuple[str, list[dict[str, Any]]]:
    """How the answer stands to what was submitted last, and where they differ."""
    if last is None:
        return "", []
    return _compared(q, last.said.get(q.reference), last.observed.get(q.reference, []))


def _compared(
    q: Question, before: dict[str, Any] | None, observed: list[dict[str, Any]]
) -> tuple[str, list[dict[str, Any]]]:
    stands = checks.since(q.said, before)
    if before is None or stands == "new":
        return stands, []
    figures = observations.as_text(observed), observations.as_text(q.observed)
    fields = differences.in_full(before, q.said, figures)
    return "changed" if fields else stands, fields


def _of_round(q: Question, stands: str) -> str:
    """How the answer stands to the last published report."""
    if not q.said["status"] or q.earlier is None:
        return ""
    cycle = {"cycle": q.earlier.cycle}
    if q.said["no_change"]:
        return _("as in %(cycle)s, signed") % cycle
    if stands == "changed":
        return _("changed since %(cycle)s") % cycle
    return _("as in %(cycle)s") % cycle if stands == "same" else ""


def _of_version(last: Submitted | None, stands: str) -> str:
    """How the answer stands to what was submitted last."""
    if last is None or stands == "same":
        return ""
    words = {"changed": _("changed since version %(n)d"), "new": _("new since version %(n)d")}
    return words[stands] % {"n": last.number}
