"""What the page of checking says of each answer: since when it stands, and what has changed."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from ... import checks
from ...models import Report, Version
from ...questions import Question
from ...serializers import answers_of
from . import shown


def changes(report: Report, asked: list[Question]) -> dict[str, Any]:
    """The answers by section, each with how it stands to earlier ones, and how many changed."""
    last = report.versions.order_by("number").last()
    before = answers_of(last) if last else {}
    sections: dict[tuple[str, str], list[dict[str, Any]]] = {}
    counts: Counter[str] = Counter()
    for q in asked:
        if q.is_owed or q.said["status"]:
            row = _row(report, q, last, before.get(q.reference))
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


def _row(report: Report, q: Question, last: Version | None, before: Any) -> dict[str, Any]:
    of_round = checks.since(q.said, q.earlier.said) if q.earlier else "new"
    of_version = checks.since(q.said, before) if last else ""
    return {
        "q": q,
        "url": shown.url_of(report, q),
        "round": of_round if q.said["status"] else "",
        "version": of_version if q.said["status"] else "",
        "notes": [*filter(None, [_of_round(q, of_round), _of_version(last, of_version)])],
    }


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


def _of_version(last: Version | None, stands: str) -> str:
    """How the answer stands to what was submitted last."""
    if last is None or stands == "same":
        return ""
    words = {"changed": _("changed since version %(n)d"), "new": _("new since version %(n)d")}
    return words[stands] % {"n": last.number}
