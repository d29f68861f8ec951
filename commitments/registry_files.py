"""The data files of the statements: texts, clauses, themes, links and the names under them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from members.loading import Column, Dataset, Files, Record
from members.loading.datasets import Ids, Key, Row, Values

from .actions import keep_correction
from .models import (
    Commitment,
    Lineage,
    Passage,
    Signature,
    Statement,
    Theme,
    ThemeOfCommitment,
)
from .models.drafts import STATEMENT_CODE
from .parting import NUMBER

FOLDER = "commitments/data"
STATEMENTS = f"{FOLDER}/statements.json"
REFERENCE = f"{STATEMENT_CODE}-{NUMBER}"


class Themes(Dataset):
    name, file, model, key = "themes", f"{FOLDER}/themes.json", Theme, ("code",)
    columns = [Column("code", pattern="[a-z_]+"), Column("label")]

    def records(self, files: Files) -> Iterable[Record]:
        found = files.document(self.file)
        return files.objects(self.file, found, self.in_file(), "theme", "code")


class Statements(Dataset):
    name, file, model, key = "statements", STATEMENTS, Statement, ("code",)
    columns = [
        Column("code", pattern=STATEMENT_CODE),
        Column("title"),
        Column("place"),
        Column("adopted_on"),
        Column("act_as_printed"),
        Column("binding"),
        Column("endorses", refers_to="statements", path="endorses__code", optional=True),
        Column("position"),
        Column("source"),
    ]

    def before_change(self, pk: int, before: Values, after: Values) -> None:
        """A title is a passage of the text as well, and is corrected as one."""
        titles = Passage.objects.filter(statement=pk, kind=Passage.Kind.TITLE)
        for passage in titles if before["title"] != after["title"] else ():
            if " ".join(passage.text.split()) == before["title"]:
                keep_correction(passage, "", after["title"])

    def records(self, files: Files) -> Iterable[Record]:
        found = files.document(self.file)
        return files.objects(self.file, found, self.in_file(), "statement", "code")


class Commitments(Dataset):
    name, file, model, key = "commitments", FOLDER, Commitment, ("reference",)
    columns = [
        Column("reference", pattern=REFERENCE),
        Column("section"),
        Column("parent", refers_to="commitments", path="parent__reference", optional=True),
        Column("kind"),
        Column("duty"),
        Column("verified_by"),
        Column("applies_to", pattern="government|delegates"),
        Column("due_on"),
        Column("due_precision"),
        Column("due_modality"),
        Column("every_months"),
        Column("source_note"),
        Column("title"),
        Column("lead_in"),
        Column("text"),
        Column("themes", refers_to="themes", path="theme_codes", many=True),
        Column("statement", refers_to="statements", path="statement__code", filled=True),
        Column("position", filled=True),
    ]

    def records(self, files: Files) -> Iterable[Record]:
        for code, file, document in texts(files):
            found = files.objects(file, document["clauses"], self.in_file(), "clause", "reference")
            for position, record in enumerate(found, start=1):
                filled = {"statement": code, "position": position}
                yield Record(file, record.place, record.fields | filled)

    def check(self, row: Row) -> Iterator[tuple[str, str]]:
        of, values = f"{row.values['statement']}-", row.values
        for field in ("reference", "parent"):
            if values[field] and not values[field].startswith(of):
                yield field, f"{values[field]} is no clause of {values['statement']}"
        if values["parent"] == values["reference"]:
            yield "parent", "a clause cannot stand under itself"
        for field in ("due_precision", "due_modality"):
            if bool(values[field]) != bool(values["due_on"]):
                yield field, "goes with due_on: both are given, or neither"

    def stored(self) -> models.QuerySet:
        codes = ArrayAgg(
            "themes__code",
            filter=Q(themes__isnull=False),
            order_by="themes__code",
            default=models.Value([]),
        )
        return Commitment.objects.order_by().annotate(theme_codes=codes)

    def before_change(self, pk: int, before: Values, after: Values) -> None:
        if any(before[name] != after[name] for name in ("lead_in", "text")):
            keep_correction(Commitment.objects.get(pk=pk), after["lead_in"], after["text"])

    def write_lists(self, rows: list[tuple[int, Values]], ids: Ids) -> None:
        ThemeOfCommitment.objects.filter(commitment__in=[pk for pk, _ in rows]).delete()
        ThemeOfCommitment.objects.bulk_create(
            ThemeOfCommitment(commitment_id=pk, theme_id=ids["themes"][(code,)])
            for pk, values in rows
            for code in values["themes"]
        )


class Passages(Dataset):
    name, file, model, key = "passages", FOLDER, Passage, ("statement", "position")
    columns = [
        Column("statement", refers_to="statements", path="statement__code", filled=True),
        Column("position", filled=True),
        Column(
            "before", refers_to="commitments", path="before__reference", optional=True, filled=True
        ),
        Column("kind"),
        Column("text"),
        Column("note"),
    ]

    def before_change(self, pk: int, before: Values, after: Values) -> None:
        if before["text"] != after["text"]:
            keep_correction(Passage.objects.get(pk=pk), "", after["text"])

    def records(self, files: Files) -> Iterable[Record]:
        for code, file, document in texts(files):
            if the_blocks_hold_each_clause(files, file, document):
                yield from self._passages(files, code, file, document["blocks"])

    def _passages(self, files: Files, code: str, file: str, blocks: list) -> Iterator[Record]:
        position = 0
        for number, block in enumerate(blocks, start=1):
            if "clause" in block:
                continue
            position += 1
            filled = {
                "statement": code,
                "position": position,
                "before": next((b["clause"] for b in blocks[number:] if "clause" in b), None),
                "kind": block["passage"],
            }
            yield Record(file, f"block {number}", block | filled)


class Lineages(Dataset):
    name, file, model = "lineage", f"{FOLDER}/lineage.csv", Lineage
    key = ("kind", "source", "target")
    columns = [
        Column("kind"),
        Column("source", refers_to="texts", path="source_code"),
        Column("target", refers_to="texts", path="target_code"),
    ]

    def stored(self) -> models.QuerySet:
        return Lineage.objects.annotate(
            source_code=Coalesce("source_commitment__reference", "source_statement__code"),
            target_code=Coalesce("target_commitment__reference", "target_statement__code"),
        )

    def references(self, values: Values) -> Iterator[tuple[str, str, Key]]:
        for end in ("source", "target"):
            yield end, _kind_of_text(values[end]) + "s", (values[end],)

    def facts(self, values: Values, ids: Ids) -> dict[str, Any]:
        ends = {
            f"{field}_{_kind_of_text(key[0])}_id": ids[target][key]
            for field, target, key in self.references(values)
        }
        return {"kind": values["kind"], **ends}


def _kind_of_text(code: str) -> str:
    """Whether a code is a whole statement's or one commitment's: "2014-GOV", "2014-GOV-A1"."""
    return "statement" if re.fullmatch(STATEMENT_CODE, code) else "commitment"


class Signatures(Dataset):
    name, file, model = "signatures", f"{FOLDER}/signatures.csv", Signature
    key = ("statement", "member")
    columns = [
        Column("statement", refers_to="statements", path="statement__code"),
        Column("member", refers_to="members", path="member__code"),
        Column("name_as_printed", refers_to="names", path="name__text"),
        Column("signed_on"),
        Column("signed_on_inferred"),
        Column("source_note"),
        Column("position", filled=True),
    ]
    PLAIN = ("signed_on", "signed_on_inferred", "source_note", "position")

    def stored(self) -> models.QuerySet:
        """The first signature of each; an accession after a withdrawal stands in no file."""
        first = Signature.objects.order_by("statement_id", "member_id", "signed_on")
        return first.distinct("statement_id", "member_id")

    def records(self, files: Files) -> Iterable[Record]:
        places: Counter[str] = Counter()
        for record in super().records(files):
            places[record.fields["statement"]] += 1
            position = places[record.fields["statement"]]
            yield Record(record.file, record.place, record.fields | {"position": position})

    def references(self, values: Values) -> Iterator[tuple[str, str, Key]]:
        for field in ("statement", "member"):
            yield field, field + "s", (values[field],)
        printed = (values["member"], values["statement"], values["name_as_printed"])
        yield "name_as_printed", "names", printed

    def facts(self, values: Values, ids: Ids) -> dict[str, Any]:
        facts = {name: values[name] for name in self.PLAIN}
        for field, target, key in self.references(values):
            attribute = "name" if field == "name_as_printed" else field
            facts[f"{attribute}_id"] = ids[target][key]
        return facts


DATASETS = [
    Themes(),
    Statements(),
    Commitments(),
    Passages(),
    Lineages(),
    Signatures(),
]


def texts(files: Files) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The code, file and content of each statement's own document."""
    for statement in files.document(STATEMENTS) or []:
        code = statement.get("code") if isinstance(statement, dict) else None
        if not isinstance(code, str) or not re.fullmatch(STATEMENT_CODE, code):
            continue  # told where the statements are read
        file = f"{FOLDER}/{code}.json"
        content = files.document(file)
        found = files.objects(
            file, [content], ["statement", "blocks", "clauses"], "document", "statement"
        )
        if content is None or not found:
            continue
        if content["statement"] != code:
            files.problems.add(f"{code} should stand here", file=file, column="statement")
        yield code, file, content


def the_blocks_hold_each_clause(files: Files, file: str, document: dict[str, Any]) -> bool:
    """Whether the blocks are well formed and name each clause of the document once, in order."""
    blocks, clauses = document["blocks"], document["clauses"]
    agreed: list[set[str]] = [{"clause"}, {"passage", "text", "note"}]
    if not isinstance(blocks, list) or not isinstance(clauses, list):
        files.problems.add("blocks and clauses are lists", file=file, column="blocks")
        return False
    odd = [n for n, b in enumerate(blocks, 1) if not isinstance(b, dict) or set(b) not in agreed]
    for number in odd:
        what = "a block is a clause, or a passage with text and note"
        files.problems.add(what, file=file, place=f"block {number}", column="blocks")
    named = [b["clause"] for b in blocks if isinstance(b, dict) and "clause" in b]
    if not odd and named != [c.get("reference") for c in clauses if isinstance(c, dict)]:
        what = "the blocks do not name each clause once, in the order of the clauses"
        files.problems.add(what, file=file, column="blocks")
        return False
    return not odd
