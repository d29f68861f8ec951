"""What a member owes is said in words, read in one query, and chosen among whole lines."""

import datetime as dt

import pytest
from django.core.paginator import Paginator

from commitments.models import Obligation, Participation, Statement
from commitments.obligations import owed_by, owes, reason
from members.models import Member
from tests.commitments.test_obligations_agree import facts_of_the_files, signs

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)


def line(member: str, commitment: str) -> Obligation:
    return owed_by(Member.objects.get(code=member), TODAY).get(commitment__reference=commitment)


def test_each_basis_is_told_in_words():
    statement, member = Statement.objects.get(code="2022"), Member.objects.get(code="ALB")
    Participation.objects.create(statement=statement, member=member, source="A list")
    told = [
        reason(line(*of))
        for of in [
            ("AUS", "2014-GOV-A1"),
            ("CHN", "2014-GOV-A1"),
            ("THORN", "2022-M1"),
            ("AUS", "2022-M6"),
            ("ALB", "2022-2a"),
        ]
    ]
    assert told == [
        "Its name stands under the Statement of London, 2014 (2014-GOV).",
        "By endorsement (reading of the 2015 text): its name stands under the Statement of "
        "Abu Dhabi, 2015 (2015), which endorses the Statement of London, 2014 (2014-GOV).",
        "By its membership: the Communique of Brussels, 2022, binds every member of the alliance.",
        "By its membership: the Communique of Brussels, 2022, binds every government member of "
        "the alliance.",
        "It is recorded as having taken part in the summit behind the Communique of Brussels, "
        "2022.",
    ]


def test_what_a_member_owes_is_one_query_in_the_order_of_the_texts(django_assert_num_queries):
    member = Member.objects.get(code="AUS")
    with django_assert_num_queries(1):
        lines = [(line.commitment.reference, reason(line)) for line in owed_by(member, TODAY)]
    references = [reference for reference, _ in lines]
    assert references[0] == "2012-T1"
    assert references[-1] == "2022-M6"
    assert references.index("2012-S1") < references.index("2012-S2a")
    assert len(lines) == 15 + 15 + 9 + 6


def test_a_member_of_another_kind_owes_what_its_kind_was_asked():
    thorn = Member.objects.get(code="THORN")
    owed = [line.commitment.reference for line in owed_by(thorn, TODAY)]
    assert owed[-5:] == ["2022-M1", "2022-M2", "2022-M3", "2022-M4", "2022-M5"]
    assert {reference[:8] for reference in owed[:-5]} == {"2014-CSO"}


def test_whether_a_member_owes_a_clause_on_a_day():
    china = Member.objects.get(code="CHN")
    clause = line("CHN", "2014-GOV-A1").commitment
    assert owes(china, clause, dt.date(2015, 11, 17))
    assert not owes(china, clause, dt.date(2015, 11, 16))


def test_what_filters_the_lines_leaves_their_bases_whole():
    signs(facts_of_the_files(), "CHN", dt.date(2024, 5, 1), "2014-GOV")
    lines = Obligation.objects.lines(TODAY).filter(commitment__reference="2014-GOV-A1")
    china = lines.get(member__code="CHN")
    assert (china.basis, china.bases) == ("signature", ["signature", "endorsement"])
    assert lines.with_basis("signature").filter(member__code="CHN").exists()
    assert not lines.with_basis("endorsement").filter(member__code="CHN").exists()
    assert lines.filter(statement__code="2014-GOV").with_basis("endorsement").count() == 9


def test_the_lines_can_be_walked_by_key_in_any_page_size():
    lines = Obligation.objects.lines(TODAY).order_by("member__code", "commitment__reference")
    keys = list(lines.values_list("member__code", "commitment__reference"))
    assert len(keys) == len(set(keys)) == lines.count() == 2618
    assert keys == sorted(keys)
    member, _ = keys[100]
    after = lines.filter(member__code__gt=member)[:5]
    expected = [key for key in keys if key[0] > member][:5]
    assert list(after.values_list("member__code", "commitment__reference")) == expected
    assert [key for page in Paginator(keys, 1000) for key in page] == keys


def test_a_part_that_reports_through_another_is_in_no_count():
    assert Obligation.objects.lines(TODAY).filter(member__code="GB-EAW").exists()
    assert not Obligation.objects.counted().filter(member__code="GB-EAW").exists()
