"""The public rows of the API: built once, when a report is published, and kept as text.

The fields are those of API version 1. An answer that is not for everyone is published as
answered: its status is given, its words are null and `withheld` is true
(docs/decisions/withheld-answers.md).
"""

import datetime as dt
import json
from typing import Any

from commitments.models import Commitment, Obligation
from members.missing import NOT_EXPECTED, NOT_REPORTED, WITHHELD, with_reasons
from members.models import Member

from .models import Answer, Report, Version

TEXTS = ("narrative", "next_steps", "obstacles")


def _unsaid(row: dict[str, Any]) -> str:
    return WITHHELD if row["withheld"] else NOT_REPORTED


OF_ANSWERS = {**dict.fromkeys((*TEXTS, "evidence"), _unsaid), "basis": NOT_EXPECTED}


def canonical_json(value: Any) -> str:
    """The one text of a value: sorted names, no spaces, characters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def answers_of(version: Version) -> dict[str, dict[str, Any]]:
    """What a submitted version says, by the reference of the clause."""
    return {said["commitment"]: said for said in json.loads(version.content)["answers"]}


def language_of(version: Version) -> dict[str, Any]:
    """The language of a submitted version, and whether its text is an unofficial translation."""
    content = json.loads(version.content)
    translated = content.get("unofficial_translation", False)
    return {"language": content.get("language", "en"), "unofficial_translation": translated}


def received_of(version: Version) -> dict[str, str]:
    """How a submission came that the secretariat entered, on which day, and who entered it.

    Nothing of one that was written here.
    """
    said = json.loads(version.content).get("received", {})
    if not said:
        return {}
    how, who = Report.Channel(said["received_as"]).label, version.submitted_by
    return {**said, "how": str(how), "entered_by": str(who or "")}


def answer_row(
    *,
    report: str,
    cycle: str,
    member: dict[str, str],
    commitment: str,
    statement: str,
    basis: str | None,
    said: dict[str, Any],
    published_on: dt.date,
    synthetic: bool,
) -> dict[str, Any]:
    """One row of `progress`. `member` is {code, name}; `said` an answer's words by field.

    `basis` is what the member owed the answer on, None where it answered without owing it.
    """
    withheld = said["visibility"] != Answer.Visibility.PUBLIC
    texts = dict.fromkeys(TEXTS) if withheld else public_texts(said)
    row = {
        "report": report,
        "cycle": cycle,
        "member": member,
        "commitment": commitment,
        "statement": statement,
        "basis": basis,
        "status": said["status"],
        **texts,
        "evidence": [] if withheld else said["evidence"],
        "withheld": withheld,
        "published_on": published_on.isoformat(),
        "synthetic": synthetic,
    }
    return with_reasons(row, OF_ANSWERS)


def answer_rows(
    report: Report, version: Version, *, on: dt.date
) -> list[tuple[Commitment, dict[str, Any], dict[str, Any]]]:
    """Each answered clause of a version, what was said on it, and the row that the public reads.

    What the member previews and what is published are both made here.
    """
    said = answers_of(version)
    clauses = Commitment.objects.filter(reference__in=said).select_related("statement")
    bases = _bases(report)
    name = Member.objects.named(on).get(pk=report.member_id).display_name
    facts = {
        "report": report.code,
        "cycle": report.cycle.code,
        "member": {"code": report.member.code, "name": name},
        "published_on": on,
        "synthetic": report.synthetic,
    }
    return [
        (c, said[c.reference], _answer_row(c, bases, said[c.reference], facts))
        for c in clauses.prefetch_related("themes")
    ]


def _answer_row(
    clause: Commitment, bases: dict[str, str], said: dict[str, Any], facts: dict[str, Any]
) -> dict[str, Any]:
    place = {"commitment": clause.reference, "statement": clause.statement.code}
    basis = bases.get(clause.reference) if said["owed"] else None
    return answer_row(**place, basis=basis, said=said, **facts)


def _bases(report: Report) -> dict[str, str]:
    """The strongest basis of each clause that the member owed on the day the round opened."""
    lines = Obligation.objects.lines(report.cycle.opens_on).filter(member=report.member)
    return dict(lines.values_list("commitment__reference", "basis"))


def public_texts(said: dict[str, Any]) -> dict[str, str]:
    """The texts that everyone reads; the reason why a clause does not apply opens the narrative."""
    texts = {name: said[name] for name in TEXTS}
    if said["status"] == Answer.Status.NOT_APPLICABLE:
        parts = [said["not_applicable_because"], said["narrative"]]
        texts["narrative"] = "\n\n".join(part for part in parts if part)
    return texts


def report_row(
    *,
    cycle: str,
    member: str,
    version: int,
    submitted_at: dt.datetime,
    published_on: dt.date,
    timeliness: str,
    sha256: str,
    synthetic: bool,
) -> dict[str, Any]:
    """One row of `reports`; `submitted_at` is that of this version, in UTC."""
    return {
        "id": f"{cycle}-{member}",
        "cycle": cycle,
        "member": member,
        "version": version,
        "submitted_at": as_text(submitted_at),
        "published_on": published_on.isoformat(),
        "timeliness": timeliness,
        "sha256": sha256,
        "synthetic": synthetic,
    }


def as_text(moment: dt.datetime) -> str:
    """An instant as the API writes it: `2026-06-24T10:42:00Z`."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
