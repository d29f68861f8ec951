"""The members' data files hold exactly those whom the texts name, under dated and printed names."""

import re
from collections import Counter
from datetime import date

import pytest

from tests.registry_files import (
    COMMITMENTS,
    MEMBERS,
    header,
    rows,
    signatories_lines,
    source_of,
    statements,
)

REGIONS = {"Africa", "Americas", "Asia", "Europe", "Oceania"}
INTERGOVERNMENTAL = {"INTERPOL", "UNODC", "EU", "AU"}
CIVIL_SOCIETY = {
    *("ECPAT", "FOSI", "INHOPE", "ICMEC", "IWF"),
    *("LFF", "MCF", "NCMEC", "NSPCC", "THORN"),
}
# What each was called on a day, where the name changed within the years of the register.
RENAMED = [
    ("CZE", "2016-05-16", "Czech Republic"),
    ("CZE", "2016-05-17", "Czechia"),
    ("MKD", "2019-02-13", "The former Yugoslav Republic of Macedonia"),
    ("MKD", "2019-02-14", "North Macedonia"),
    ("TUR", "2022-05-31", "Turkey"),
    ("TUR", "2022-06-01", "Türkiye"),
]
UNLIKE_EVERYDAY_NAMES = {
    "GBR": "United Kingdom of Great Britain and Northern Ireland",
    "KOR": "Republic of Korea",
    "MDA": "Republic of Moldova",
    "NLD": "Netherlands (Kingdom of the)",
    "USA": "United States of America",
    "VNM": "Viet Nam",
    "XKX": "Kosovo",
}


def members() -> list[dict[str, str]]:
    return rows(MEMBERS / "members.csv")


def names() -> list[dict[str, str]]:
    return rows(MEMBERS / "names.csv")


def signed() -> list[dict[str, str]]:
    return rows(COMMITMENTS / "signatures.csv")


def display_name(code: str, day: str) -> str:
    """The newest display name since that day or before; one without a date counts as the oldest."""
    own = [row for row in names() if row["member"] == code and not row["statement"]]
    return max((row for row in own if row["since"] <= day), key=lambda row: row["since"])["text"]


def in_group(group: str, day: str) -> set[str]:
    found = rows(MEMBERS / "group_members.csv")
    return {
        row["member"]
        for row in found
        if row["group"] == group
        and row["since"] <= day
        and (not row["until"] or day < row["until"])
    }


def test_the_85_members_are_those_who_signed_and_those_who_founded_the_taskforce():
    assert header(MEMBERS / "members.csv") == (
        "code,kind,region,region_source,part_of,reports_through,joined_on,left_on,"
        "tile_column,tile_row"
    )
    codes = [row["code"] for row in members()]
    founders = in_group("taskforce", "2022-06-02")
    assert len(codes) == len(set(codes)) == 85
    assert set(codes) == {row["member"] for row in signed()} | founders


def test_each_member_is_of_the_kind_its_code_says():
    kinds = {row["code"]: row["kind"] for row in members()}
    assert {
        code for code, kind in kinds.items() if kind == "intergovernmental"
    } == INTERGOVERNMENTAL
    assert {code for code, kind in kinds.items() if kind == "civil_society"} == CIVIL_SOCIETY
    governments = {code for code, kind in kinds.items() if kind == "government"}
    assert len(governments) == 71
    assert governments - {"GB-EAW"} == {c for c in governments if re.fullmatch("[A-Z]{3}", c)}


def test_regions_are_statistical_and_organisations_have_none():
    for row in members():
        if row["kind"] != "government":
            assert (row["region"], row["region_source"]) == ("", "")
        else:
            assert row["region"] in REGIONS
            own = row["code"] in {"XKX", "GB-EAW"}
            assert row["region_source"] == ("own" if own else "UN M49")
    region = {row["code"]: row["region"] for row in members()}
    assert {region[code] for code in ("CYP", "TUR", "GEO")} == {"Asia"}
    assert {region[code] for code in ("XKX", "GB-EAW")} == {"Europe"}
    assert Counter(region.values()) == {
        "Europe": 38,
        "Americas": 8,
        "Africa": 5,
        "Asia": 18,
        "Oceania": 2,
        "": 14,
    }


def test_only_england_and_wales_reports_through_another():
    through = {r["code"]: (r["part_of"], r["reports_through"]) for r in members() if r["part_of"]}
    assert through == {"GB-EAW": ("GBR", "GBR")}
    assert all(row["part_of"] == row["reports_through"] for row in members())


def test_no_day_of_joining_or_leaving_is_invented():
    assert {(row["joined_on"], row["left_on"]) for row in members()} == {("", "")}


def test_every_member_has_a_square_of_its_own():
    squares = [(int(row["tile_column"]), int(row["tile_row"])) for row in members()]
    assert len(set(squares)) == 85
    assert all(1 <= column <= 22 and 1 <= row <= 14 for column, row in squares)
    foot = {row["code"] for row in members() if row["tile_row"] == "14"}
    assert foot == INTERGOVERNMENTAL | CIVIL_SOCIETY


def test_every_member_has_one_display_name_on_every_day():
    assert header(MEMBERS / "names.csv") == "member,text,statement,source,since"
    shown = [row for row in names() if not row["statement"]]
    assert len({(row["member"], row["since"]) for row in shown}) == len(shown) == 88
    undated = [row["member"] for row in shown if not row["since"]]
    assert sorted(undated) == sorted(row["code"] for row in members())
    assert all(date.fromisoformat(row["since"]) for row in shown if row["since"])


@pytest.mark.parametrize(("code", "day", "name"), RENAMED)
def test_a_new_name_counts_from_its_day(code, day, name):
    assert display_name(code, day) == name


def test_display_names_are_the_exact_short_names():
    today = "2026-07-01"
    found = {code: display_name(code, today) for code in UNLIKE_EVERYDAY_NAMES}
    assert found == UNLIKE_EVERYDAY_NAMES
    shown = [display_name(row["code"], today) for row in members()]
    assert len(set(shown)) == 85


def test_every_name_says_where_it_comes_from():
    assert all(row["source"] for row in names())
    assert {row["member"] for row in names()} == {row["code"] for row in members()}
    assert all(row["text"] == " ".join(row["text"].split()) for row in names())


def test_the_printed_names_are_those_of_the_signatures_and_the_founders():
    printed = [row for row in names() if row["statement"]]
    assert len(printed) == 152 + 19
    under = [(row["statement"], row["member"], row["text"]) for row in printed]
    assert len(set(under)) == len(under)
    signatures = {(row["statement"], row["member"], row["name_as_printed"]) for row in signed()}
    founders = {each for each in under if each[0] == "2022-TF"}
    assert set(under) == signatures | founders
    assert {member for _, member, _ in founders} == in_group("taskforce", "2022-06-02")
    adopted = {each["code"]: each["adopted_on"] for each in statements()}
    assert all(row["since"] == adopted[row["statement"]] for row in printed)


def test_the_founders_are_printed_as_they_stand_with_the_role_apart():
    role = {
        r["member"]: r["role"] for r in rows(MEMBERS / "group_members.csv") if r["group"] != "EU"
    }
    founders = [row for row in names() if row["statement"] == "2022-TF"]
    lines = [
        row["text"] + ("" if role[row["member"]] == "member" else f" ({role[row['member']]})")
        for row in founders
    ]
    heading, *listed = signatories_lines("2022-TF")
    assert heading == "The founding members of the Global Taskforce are:"
    assert lines == listed
    folded = " ".join(source_of("2022-TF").split())
    assert all(line in folded for line in lines)
    assert Counter(role.values()) == {"Chair": 1, "Vice Chair": 1, "member": 17}
    assert (role["EU"], role["AU"]) == ("Chair", "Vice Chair")


def test_groups_and_their_members_exist_and_their_periods_run_forward():
    groups, found = rows(MEMBERS / "groups.csv"), rows(MEMBERS / "group_members.csv")
    assert header(MEMBERS / "groups.csv") == "code,name"
    assert header(MEMBERS / "group_members.csv") == "group,member,role,since,until,source"
    assert [row["code"] for row in groups] == ["EU", "taskforce"]
    assert {row["group"] for row in found} == {"EU", "taskforce"}
    assert {row["member"] for row in found} <= {row["code"] for row in members()}
    assert len({(row["group"], row["member"]) for row in found}) == len(found) == 28 + 19
    assert all(date.fromisoformat(row["since"]) and row["source"] for row in found)
    assert all(row["since"] < row["until"] for row in found if row["until"])


def test_the_european_union_of_2012_is_the_27_that_the_declaration_lists():
    listed = [row["member"] for row in signed() if row["statement"] == "2012"][:27]
    assert in_group("EU", "2012-12-05") == set(listed)


@pytest.mark.parametrize(
    ("day", "croatia", "united_kingdom", "count"),
    [
        ("2013-06-30", False, True, 27),
        ("2013-07-01", True, True, 28),
        ("2020-01-30", True, True, 28),
        ("2020-01-31", True, False, 27),
    ],
)
def test_croatia_came_and_the_united_kingdom_left_on_their_days(
    day, croatia, united_kingdom, count
):
    union = in_group("EU", day)
    assert ("HRV" in union, "GBR" in union, len(union)) == (
        croatia,
        united_kingdom,
        count,
    )
