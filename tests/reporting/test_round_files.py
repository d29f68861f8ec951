"""The data files of the rounds, their milestones and the measured quantities."""

import re
from itertools import pairwise

from tests.registry_files import REPORTING, clauses, header, rows


def test_cycles_open_in_january_fall_due_in_july_and_close_in_december():
    path = REPORTING / "cycles.csv"
    assert header(path) == "code,opens_on,due_on,closes_on"
    assert [tuple(row.values()) for row in rows(path)] == [
        (str(year), f"{year}-01-01", f"{year}-07-01", f"{year}-12-31")
        for year in range(2014, 2029, 2)
    ]
    assert all(a["closes_on"] < b["opens_on"] for a, b in pairwise(rows(path)))


def test_milestones_and_indicators_point_at_what_exists():
    milestones = REPORTING / "milestones.csv"
    assert header(milestones) == "kind,offset_days,relative_to,reaches"
    assert [tuple(row.values()) for row in rows(milestones)] == [
        ("opening", "0", "opens_on", "focal_point"),
        ("before_90", "-90", "due_on", "focal_point"),
        ("before_30", "-30", "due_on", "focal_point"),
        ("before_7", "-7", "due_on", "focal_point"),
        ("the_day", "0", "due_on", "focal_point"),
        ("after_7", "7", "due_on", "second"),
        ("after_30", "30", "due_on", "secretariat"),
    ]
    indicators = REPORTING / "indicators.csv"
    assert header(indicators) == "code,title,commitment,unit,definition"
    (only,) = rows(indicators)
    assert (only["code"], only["commitment"]) == ("icse_identified_victims", "2012-G1")
    (clause,) = [c for c in clauses() if c["reference"] == only["commitment"]]
    assert clause["verified_by"] == "indicator"


def test_every_clause_that_is_reported_on_has_guidance_in_a_few_sentences():
    path = REPORTING / "guidance.csv"
    assert header(path) == "commitment,text"
    guidance = {row["commitment"]: row["text"] for row in rows(path)}
    parents = {clause["parent"] for clause in clauses()}
    reported = [
        clause["reference"]
        for clause in clauses()
        if (clause["duty"], clause["reference"] in parents) == ("individual", False)
    ]
    assert list(guidance) == reported
    assert len(reported) == 64
    for text in guidance.values():
        assert 2 <= len(re.findall(r"\.(?=\s|$)", text)) <= 4
        assert "“in progress”" in text or "The status says" in text
