"""The statements' data files say what the official texts say: every word once, nothing repaired."""

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.registry_files import (
    COMMITMENTS,
    MEMBERS,
    SOURCES,
    STATEMENT_CODES,
    clauses,
    document,
    header,
    rows,
    signatories_lines,
    source_of,
    source_text,
    source_words,
    statements,
    told_words,
)

DIGESTS = {
    "2012-declaration.txt": "3fd3ecf9a5ef5b0bc8724e3d453f922b61b7bf4686207c79a99a6bb21a770945",
    "2014-civil-society.txt": "5d073d8f57b39babe1bff57a73300dbbca94bf6750ca4a7de71d35d155ba4c37",
    "2014-governments.txt": "ab692773e5354b68d38b7b79d102884c5ea6172795760e00b8e396949a2a55fb",
    "2015-governments.txt": "229e8f9f07677add5e2b94e40116a05a41d8eca15b68d5296a121f09248b555a",
    "2022-communique.txt": "7d7b795b63239c5e2948e343067e5e181159fa772082ebd283ee36c6fddb4ad9",
}
CLAUSE_FIELDS = (
    "reference section parent kind duty verified_by applies_to due_on due_precision due_modality "
    "every_months source_note title lead_in text themes"
)
PASSAGE_KINDS = "title preamble heading lead_in note call signatories dateline"
STATEMENT_FIELDS = "code title place adopted_on act_as_printed binding endorses position source"

STATEMENTS = [
    ("2012", "Brussels", "2012-12-05", "Declaration endorsed by", "signature", None),
    ("2014-GOV", "London", "2014-12-11", None, "signature", None),
    ("2014-CSO", "London", "2014-12-11", None, "signature", None),
    ("2015", "Abu Dhabi", "2015-11-17", "Agreed by", "signature", "2014-GOV"),
    ("2022", "Brussels", "2022-06-02", None, "membership", None),
    ("2022-TF", "Brussels", "2022-06-02", None, "body", None),
]
CHILDREN = {
    "2012-S2": "a b c",
    "2014-GOV-C3": "a b c d",
    "2015-N": "1 2 3 4 5",
    "2022-1": "a b c",
    "2022-2": "a b c d e f",
}
# Oddities of the texts that a well-meaning hand would repair: where they must still stand.
KEPT_AS_PRINTED = {
    "2012": [
        "3: In order to achieve",
        "children’s activities",
        "children's online conduct",
    ],
    "2014-CSO": ["evidencedbased, effective", "action orientated research"],
    "2015": [
        "#WePROTECT children Online",
        "signed up to WePROTECT, and which will support",
    ],
    "2022": [
        "made , with new legislation",
        "[for government members] or",
        "survivors’ dignity",
    ],
    "2022-TF": [
        "best / emerging practice",
        "new legislation to child sexual exploitation",
    ],
}


def by_reference() -> dict[str, dict[str, Any]]:
    return {clause["reference"]: clause for clause in clauses()}


@pytest.mark.parametrize("name", SOURCES)
def test_the_official_text_is_kept_byte_for_byte(name):
    data = (COMMITMENTS / "sources" / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == DIGESTS[name]


@pytest.mark.parametrize("name", SOURCES)
def test_every_word_of_the_official_text_is_told_once_and_in_order(name):
    told = [word for code in SOURCES[name] for word in told_words(code)]
    assert told == source_words(source_text(name))


@pytest.mark.parametrize("code", KEPT_AS_PRINTED)
def test_the_oddities_of_the_text_stay(code):
    told = " ".join(told_words(code))
    assert [words for words in KEPT_AS_PRINTED[code] if words not in told] == []


def test_the_statements_are_the_six_with_their_facts():
    assert all(" ".join(each) == STATEMENT_FIELDS for each in statements())
    keys = ("code", "place", "adopted_on", "act_as_printed", "binding", "endorses")
    assert [tuple(each[key] for key in keys) for each in statements()] == STATEMENTS
    assert [each["position"] for each in statements()] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("statement", statements(), ids=lambda each: each["code"])
def test_a_statement_names_its_title_its_act_and_its_text_as_printed(statement):
    code = statement["code"]
    titles = [b["text"] for b in document(f"{code}.json")["blocks"] if b.get("passage") == "title"]
    assert statement["title"] in titles
    assert statement["source"].removeprefix("sources/") in SOURCES
    assert (COMMITMENTS / statement["source"]).is_file()
    assert code in SOURCES[statement["source"].removeprefix("sources/")]
    act = statement["act_as_printed"]
    assert act is None or signatories_lines(code)[0].startswith(act)


def test_there_are_84_clauses_of_which_79_are_leaves():
    found = clauses()
    references = [clause["reference"] for clause in found]
    parents = {clause["parent"] for clause in found} - {None}
    assert len(references) == len(set(references)) == 84
    assert len([r for r in references if r not in parents]) == 79
    counts = {code: len(clauses(code)) for code in STATEMENT_CODES}
    assert counts == {
        "2012": 17,
        "2014-GOV": 21,
        "2014-CSO": 10,
        "2015": 12,
        "2022": 17,
        "2022-TF": 7,
    }
    assert all(
        clause["reference"].startswith(code + "-") for code in counts for clause in clauses(code)
    )


def test_clauses_carry_exactly_the_agreed_fields():
    assert all(" ".join(clause) == CLAUSE_FIELDS for clause in clauses())
    assert all(document(f"{code}.json")["statement"] == code for code in STATEMENT_CODES)
    blank = [
        (c["reference"], key) for c in clauses() for key in c if c[key] == "" and key != "lead_in"
    ]
    assert blank == [], "an empty value is null"


def test_facts_and_notes_of_every_clause_are_those_of_the_agreed_list():
    names = {"due": "due_on", "precision": "due_precision", "modality": "due_modality"}
    agreed = rows(Path(__file__).parent / "clauses.csv")
    told = {clause["reference"]: clause for clause in clauses()}
    assert list(told) == [row["reference"] for row in agreed]
    for row in agreed:
        for field in row.keys() - {"statement"}:
            value = told[row["reference"]][names.get(field, field)]
            expected = row[field] or None
            if field == "every_months" and expected:
                expected = int(expected)
            assert value == expected, (row["reference"], field)


def test_kinds_and_duties_add_up():
    assert Counter((c["kind"], c["duty"]) for c in clauses()) == {
        ("policy_target", "individual"): 4,
        ("operational_goal", "individual"): 7,
        ("undertaking", "individual"): 58,
        ("undertaking", "collective"): 3,
        ("recognition", "none"): 5,
        ("function", "collective"): 7,
    }


def test_parents_stand_before_their_children_in_the_same_statement():
    found: dict[str, list[str]] = {}
    for code in STATEMENT_CODES:
        seen = set()
        for clause in clauses(code):
            if clause["parent"]:
                assert clause["parent"] in seen
                suffix = clause["reference"].removeprefix(clause["parent"])
                found.setdefault(clause["parent"], []).append(suffix)
            seen.add(clause["reference"])
    assert {parent: " ".join(suffixes) for parent, suffixes in found.items()} == CHILDREN


@pytest.mark.parametrize("code", STATEMENT_CODES)
def test_a_lead_in_quotes_the_words_that_open_the_clause(code):
    """For a nested clause: its parent's lead-in and words. Else: how the last lead-in ends."""
    known = by_reference()
    last = ""
    for block in document(f"{code}.json")["blocks"]:
        if block.get("passage") == "lead_in":
            last = block["text"]
        elif "clause" in block:
            clause = known[block["clause"]]
            if clause["parent"]:
                parent = known[clause["parent"]]
                assert clause["lead_in"] == f"{parent['lead_in']} {parent['text']}".strip()
            else:
                assert last.endswith(clause["lead_in"]), clause["reference"]


def test_only_whole_sentences_go_without_a_lead_in():
    alone = [c["reference"] for c in clauses() if not c["lead_in"]]
    assert alone == ["2014-GOV-D5", "2022-TF-F5", "2022-TF-F6", "2022-TF-F7"]
    assert all(by_reference()[r]["text"][0].isupper() for r in alone)


def test_clause_texts_are_clean_of_typesetting():
    bad = re.compile(r"[\u00a0\n\t·•*#]|  |^\s|\s$|^\d+\.\s|^- ")
    for clause in clauses():
        for field in ("text", "lead_in", "title"):
            assert not bad.search(clause[field]), (clause["reference"], field)


@pytest.mark.parametrize("code", STATEMENT_CODES)
def test_passages_and_clauses_alternate_in_the_order_of_the_text(code):
    told = document(f"{code}.json")
    placed = [block["clause"] for block in told["blocks"] if "clause" in block]
    assert placed == [clause["reference"] for clause in told["clauses"]]
    passages = [block for block in told["blocks"] if "clause" not in block]
    assert all(list(block) == ["passage", "text", "note"] for block in passages)
    assert {block["passage"] for block in passages} <= set(PASSAGE_KINDS.split())
    assert all(block["text"].strip() and block["note"] != "" for block in passages)


@pytest.mark.parametrize("code", STATEMENT_CODES)
def test_titles_are_short_distinct_and_our_own(code):
    titles = [clause["title"] for clause in clauses(code)]
    assert len({title.casefold() for title in titles}) == len(titles)
    for title in titles:
        assert title[0].isupper() and len(title) <= 60 and title[-1].isalnum(), title
        assert not re.search(r"\b(state|country)", title, re.IGNORECASE), title


def test_themes_serve_every_clause_and_none_is_idle():
    themes = document("themes.json")
    codes = [theme["code"] for theme in themes]
    assert len(set(codes)) == len(codes) <= 12
    assert all(list(theme) == ["code", "label"] and theme["label"] for theme in themes)
    used = [theme for clause in clauses() for theme in clause["themes"]]
    assert set(used) == set(codes)
    assert all(len(c["themes"]) == len(set(c["themes"])) >= 1 for c in clauses())


def test_lineage_links_only_what_the_texts_link():
    path = COMMITMENTS / "lineage.csv"
    assert header(path) == "kind,source,target"
    links = [tuple(row.values()) for row in rows(path)]
    ends = {*by_reference(), *STATEMENT_CODES}
    assert all(
        source in ends and target in ends and source != target for _, source, target in links
    )
    assert len(set(links)) == len(links) == 34
    refers: dict[str, set[str]] = {}
    for kind, source, target in links:
        if kind == "refers_to":
            refers.setdefault(source, set()).add(target)
    assert [link for link in links if link[0] != "refers_to"] == [("endorses", "2015", "2014-GOV")]
    goals = {c["reference"] for c in clauses("2012") if c["reference"][5] in "TG"}
    assert refers == {
        "2012-S2a": {"2012-S1"},
        "2012-S2b": goals,
        "2012-S3": {"2012-S2"},
        "2014-GOV-A2": {"2014-GOV-A1"},
        "2014-GOV-A5": {"2012-G1"},
        "2014-GOV-B2": {"2014-GOV-B1"},
        "2014-GOV-C3d": {"2014-GOV-C3a", "2014-GOV-C3b", "2014-GOV-C3c"},
        "2015-P1": {"2015-N"},
        "2015-P2": {"2015-N", "2014-GOV", "2015"},
        "2015-P3": {"2015-N"},
        "2015-S1": {"2014-GOV", "2015"},
        "2022-M4": {"2022"},
        "2022-TF-F4": {f"2022-M{i}" for i in range(1, 7)},
    }
    assert len(goals) == 11


def test_152_signatures_each_once_on_the_day_of_adoption():
    path = COMMITMENTS / "signatures.csv"
    assert header(path) == (
        "statement,member,name_as_printed,signed_on,signed_on_inferred,source_note"
    )
    signed = rows(path)
    counts = Counter(row["statement"] for row in signed)
    assert counts == {"2012": 48, "2014-GOV": 51, "2014-CSO": 10, "2015": 43}
    assert len({(row["statement"], row["member"]) for row in signed}) == len(signed) == 152
    assert {row["member"] for row in signed} <= {
        row["code"] for row in rows(MEMBERS / "members.csv")
    }
    adopted = {each["code"]: each["adopted_on"] for each in statements()}
    assert all(row["signed_on"] == adopted[row["statement"]] for row in signed)
    assert {row["signed_on_inferred"] for row in signed} == {"true"}


@pytest.mark.parametrize("code", ["2014-GOV", "2014-CSO", "2015"])
def test_the_printed_names_are_all_there_is_in_the_list_of_names(code):
    words = " ".join(" ".join(signatories_lines(code)).split()).removeprefix("Agreed by: ")
    assert " ".join(names_under(code)) == words


def test_the_names_of_2012_are_all_there_is_between_its_commas():
    paragraph = (
        signatories_lines("2012")[0].rstrip(".").replace(" and 21 countries", ", 21 countries")
    )
    lists = [part for part in re.split(r"[^,:]*:", paragraph) if part]
    printed = [
        name.strip().removeprefix("and ")
        for part in lists
        for name in part.split(",")
        if name.strip()
    ]
    assert printed == names_under("2012")


@pytest.mark.parametrize("code", ["2012", "2014-GOV", "2014-CSO", "2015"])
def test_a_printed_name_occurs_in_the_source(code):
    folded = " ".join(source_of(code).split())
    assert [name for name in names_under(code) if name not in folded] == []


@pytest.mark.parametrize("code", ["2014-GOV", "2014-CSO", "2015"])
def test_a_name_that_is_no_line_of_its_own_says_so(code):
    cells = {cell.strip() for line in source_of(code).split("\n") for cell in line.split("\t")}
    signed = [row for row in rows(COMMITMENTS / "signatures.csv") if row["statement"] == code]
    for row in signed:
        if row["name_as_printed"] not in cells:
            assert row["source_note"].startswith("Printed o"), row["name_as_printed"]


def names_under(code: str) -> list[str]:
    signed = rows(COMMITMENTS / "signatures.csv")
    return [row["name_as_printed"] for row in signed if row["statement"] == code]
