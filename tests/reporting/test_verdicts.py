"""The growth target of 2012-G1 is judged by arithmetic that is printed, or not at all."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reporting.verdicts import of_alliance, of_treaty, yearly_growth

counts = st.integers(0, 10**9)


def test_exactly_ten_percent_is_enough() -> None:
    assert yearly_growth({2024: 100, 2025: 110}, 2025).verdict == "met"
    assert yearly_growth({2024: 100, 2025: 109}, 2025).verdict == "not_met"
    assert yearly_growth({2024: 30, 2025: 33}, 2025).verdict == "met"


def test_the_arithmetic_is_printed_with_the_compound_rate_beside_it() -> None:
    found = yearly_growth({2022: 100, 2023: 120, 2024: 121}, 2024)
    assert (found.verdict, found.reason, found.value) == ("not_met", None, 121)
    assert found.arithmetic == (
        "121 in 2024 against 120 in 2023: +0.8%; the goal is at least +10%. "
        "Compound since 2022: +10.0% a year."
    )


def test_the_arithmetic_never_rounds_up_to_a_goal_that_was_missed() -> None:
    found = yearly_growth({2021: 913, 2022: 1004}, 2022)
    assert (found.verdict, found.arithmetic[:41]) == (
        "not_met",
        "1,004 in 2022 against 913 in 2021: +9.97%",
    )
    closest = yearly_growth({2021: 10**9, 2022: 11 * 10**8 - 1}, 2022)
    assert closest.verdict == "not_met" and "+9.9999999%" in closest.arithmetic
    assert ": +10.0%;" in yearly_growth({2021: 10, 2022: 11}, 2022).arithmetic


def test_what_cannot_be_told_says_why() -> None:
    assert yearly_growth({2025: 10}, 2025).reason == "no_base"
    assert yearly_growth({2023: 10, 2025: 10}, 2025).reason == "gap_year"
    assert yearly_growth({2023: 10, 2024: None, 2025: 10}, 2025).reason == "gap_year"
    assert yearly_growth({2024: 0, 2025: 10}, 2025).reason == "zero_base"
    assert yearly_growth({2024: 10, 2025: None}, 2025).reason == "no_value"
    assert yearly_growth({2024: 10}, 2025).reason == "no_value"
    assert yearly_growth({2025: 10}, 2025).verdict == "cannot_tell"
    assert "no earlier year" in yearly_growth({2025: 10, 2026: 11}, 2025).arithmetic


@given(base=counts.filter(bool), value=counts)
def test_the_verdict_is_that_of_whole_numbers(base: int, value: int) -> None:
    met = yearly_growth({2024: base, 2025: value}, 2025).verdict == "met"
    assert met == (10 * value >= 11 * base)


def test_the_alliance_is_judged_over_the_members_that_gave_both_years() -> None:
    members = {
        "ALB": {2024: 100, 2025: 120},
        "BEL": {2024: 200, 2025: 210},
        "GBR": {2025: 5000},
        "FRA": {2024: None, 2025: 50},
    }
    found = of_alliance(members, 2025)
    assert (found.verdict, found.value) == ("met", 330)
    assert found.arithmetic.startswith("2 of 4 members counted. 330 in 2025 against 300 in 2024")


def test_the_alliance_cannot_be_judged_without_a_common_base() -> None:
    assert of_alliance({"ALB": {2025: 10}, "BEL": {2025: 20}}, 2025).reason == "no_base"
    assert of_alliance({"ALB": {2023: 9, 2025: 10}, "BEL": {2025: 20}}, 2025).reason == "gap_year"
    assert of_alliance({"ALB": {2024: 9}, "BEL": {2025: 20}}, 2025).reason == "no_base"
    assert of_alliance({"ALB": {2025: None}}, 2025).reason == "no_value"
    assert of_alliance({"ALB": {2024: 0, 2025: 7}}, 2025).reason == "zero_base"


@given(
    st.dictionaries(
        st.sampled_from("ABCDE"),
        st.dictionaries(st.integers(2020, 2025), counts | st.none()),
    )
)
def test_any_values_give_a_verdict_or_a_reason(members: dict[str, dict[int, int | None]]) -> None:
    found = of_alliance(members, 2025)
    assert (found.verdict == "cannot_tell") == (found.reason is not None)
    assert found.arithmetic


TODAY = dt.date(2026, 7, 1)
THEN, LATER = dt.date(2010, 5, 1), dt.date(2027, 1, 1)


def test_ratified_in_force_or_similar_legislation_meets_the_treaty_clause() -> None:
    for stage in ("ratified", "in_force", "similar_legislation"):
        found = of_treaty({stage: THEN}, TODAY)
        assert (found.verdict, found.reason) == ("met", None)
        assert "1 May 2010" in found.arithmetic
        assert of_treaty({stage: LATER}, TODAY).verdict == "cannot_tell"


def test_unknown_is_not_unmet_and_a_signature_alone_does_not_tell() -> None:
    unknown, signed = of_treaty({}, TODAY), of_treaty({"signed": THEN}, TODAY)
    assert (unknown.verdict, unknown.reason) == ("cannot_tell", "no_record")
    assert (signed.verdict, signed.reason) == ("cannot_tell", "signed_alone")
