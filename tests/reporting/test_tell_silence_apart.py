"""A visitor reads who did not answer, and never takes for silence that nobody was asked.

Pages and API count the same thing once: what the matrix, the clauses and the texts show adds up
to what the summaries say.
"""

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment, Obligation
from members.models import Member, User
from reporting import summaries
from reporting.models import Cycle, Extension, PublishedReport, Receipt
from reporting.rounds import expected_members

from .public import page, publish, words

pytestmark = pytest.mark.django_db

KINDS = ["government", "intergovernmental", "civil_society"]
STATUSES = ["implemented", "in_progress", "planned", "not_started"]
REPORTED = ["ALB", "AUT", "MEX", "UNODC", "NCMEC"]


@pytest.fixture(autouse=True)
def rounds_are_collected_from_2022(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


def test_a_round_in_which_nothing_was_expected_is_no_silence(client: Client) -> None:
    publish("ALB", cycle="2022")
    assert "2022: not expected" in words(page(client, "/members/MEX/"))
    assert "2022: not yet published" in words(page(client, "/members/AUT/"))
    through = words(page(client, "/members/GB-EAW/"))
    assert "2024: reports through GBR" in through
    assert "not yet published" not in through
    for shade in ("reported", "on_time"):
        drawn = page(client, f"/?shade={shade}")
        assert "MEX, Mexico: not expected" in drawn
        assert "GB-EAW, England and Wales: reports through GBR" in drawn
    assert "AUT, Austria: no report published" in page(client, "/?shade=reported")


def excuse(code: str, by: User, on: dt.date | None, cycle: str = "2024") -> None:
    facts = {"cycle": Cycle.objects.get(code=cycle), "member": Member.objects.get(code=code)}
    facts |= {"decided_by": by, "decided_on": dt.date(2024, 6, 1), "published_on": on}
    Extension.objects.create(due_on=None, reason="An earthquake.", **facts)


def test_an_excuse_that_is_public_is_told_once_and_never_drawn_as_silence(
    client: Client, administrator: User
) -> None:
    publish("ALB")
    Cycle.objects.filter(code="2024").update(receipts_announced_on=dt.date(2025, 2, 1))
    excuse("BEL", administrator, None)
    assert "excused" not in words(page(client, "/members/BEL/"))
    Extension.objects.update(published_on=dt.date(2024, 6, 2))
    shown = words(page(client, "/members/BEL/"))
    assert "2024: excused" in shown
    assert "excused, excused" not in shown
    assert "BEL, Belgium: excused" in page(client, "/?shade=reported")
    row = page(client, "/matrix/").split('href="/members/BEL/"')[1].split("</tr>")[0]
    assert "Excused" in row
    assert "No answer" not in row


def announce(cycle: str = "2024") -> None:
    """The receipts of everyone expected: published ones came, excuses stand, all others missed."""
    row = Cycle.objects.get(code=cycle)
    came = set(PublishedReport.objects.filter(cycle=cycle).values_list("member", flat=True))
    excused = set(Extension.objects.filter(cycle=row).values_list("member__code", flat=True))
    for member in expected_members(row):
        how = "on_time" if member.code in came else "missed"
        how = "excused" if member.code in excused - came else how
        on = dt.date(row.due_on.year, 6, 1) if member.code in came else None
        Receipt.objects.create(
            cycle=cycle,
            member=member.code,
            kind=member.kind,
            timeliness=how,
            received_on=on,
            shown_from=dt.date(row.due_on.year + 1, 2, 1),
            row="{}",
        )
    Cycle.objects.filter(code=cycle).update(
        receipts_announced_on=dt.date(row.due_on.year + 1, 2, 1)
    )


def told(client: Client, clause: str, cycle: str, basis: str) -> dict[str, int]:
    """A row of a clause's table of answers, by the words over its columns; `basis` heads it."""
    html = page(client, f"/commitments/{clause}/").split('id="answers"')[1].split("</table>")[0]
    heads = [words(cell) for cell in re.findall(r"<th scope=\"col\".*?</th>", html, re.DOTALL)][1:]
    rows = html.split("<tbody>")[1:]
    of_basis = next(rows for rows in rows if f", {basis}" in words(rows))
    [row] = re.findall(rf'<tr><th scope="row">{cycle}.*?</tr>', of_basis, re.DOTALL)
    numbers = re.findall(r'<td class="num"[^>]*>(\d+)</td>', row)
    return dict(zip(heads, map(int, numbers), strict=True))


def unasked_in_2022() -> list[str]:
    """The governments bound by name under a text of 2014, and by no clause asking for reports."""
    lines = Obligation.objects.lines(dt.date(2022, 1, 1)).filter(
        commitment__reference="2014-GOV-A1", member__kind="government", member__reports_through=None
    )
    expected = expected_members(Cycle.objects.get(code="2022"))
    signed = lines.with_basis("signature").exclude(member__in=expected)
    return sorted(signed.values_list("member__code", flat=True))


def test_those_not_asked_stand_apart_in_the_table_of_a_clause(
    client: Client, administrator: User
) -> None:
    volunteer = unasked_in_2022()[0]
    publish(volunteer, cycle="2022")
    excuse("BEL", administrator, dt.date(2022, 6, 2), cycle="2022")
    announce("2022")

    signed = told(client, "2014-GOV-A1", "2022", "signature")
    endorsed = told(client, "2014-GOV-A1", "2022", "endorsement")

    assert signed["Excused"] == 1
    assert signed["No report expected"] == len(unasked_in_2022()) - 1 > 0
    assert signed["Bound"] == sum(n for name, n in signed.items() if name != "Bound")
    assert endorsed["Bound"] == sum(n for name, n in endorsed.items() if name != "Bound")
    assert signed["Implemented"] == 1


def test_before_the_announcement_a_table_has_no_column_for_silence(client: Client) -> None:
    publish("ALB")
    row = told(client, "2012-G1", "2024", "signature")
    assert "No answer" not in row
    assert row["Not yet published"] == row["Bound"] - row["Implemented"]


def test_a_round_before_the_first_one_is_no_silence(client: Client, settings: Any) -> None:
    settings.FIRST_CYCLE = 2026
    publish("ALB")
    announce()
    assert "No answer" not in told(client, "2012-G1", "2024", "signature")
    assert "Not collected" in page(client, "/members/ALB/")


def test_the_chart_of_a_clause_draws_those_not_asked_apart(
    client: Client, administrator: User
) -> None:
    publish("ALB")
    excuse("BEL", administrator, dt.date(2024, 6, 2))
    announce()
    chart = page(client, "/commitments/2012-G1/").split('<svg class="chart')[1].split("</table")[0]
    bound = told(client, "2012-G1", "2024", "signature")["Bound"]
    assert chart.count("c-unasked") == 1
    assert "1 excused" in words(chart)
    assert "not asked" not in words(chart)
    assert chart.count("c-silent") == bound - 2


def test_an_excused_member_that_answered_some_clauses_is_not_silent_on_the_others(
    client: Client, administrator: User
) -> None:
    publish("BEL")
    excuse("BEL", administrator, dt.date(2024, 6, 2))
    announce()
    shown = words(page(client, "/members/BEL/"))
    assert "Excused" in shown
    assert "No answer" not in shown
    assert "It was excused from this round." in shown


@pytest.fixture
def announced(administrator: User) -> None:
    """A round with all sorts of members, announced and summed up."""
    for code in REPORTED:
        publish(code)
    excuse("BEL", administrator, dt.date(2024, 6, 2))
    excuse("IWF", administrator, dt.date(2024, 6, 2))
    announce()
    summaries.build(["cycle-2024"], now=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


def figures(client: Client) -> dict[str, Any]:
    """The figures of the round as the API says them, by kind."""
    return client.get("/api/v1/summaries/?scope=cycle-2024").json()["results"][0]["figures"]


def in_the_api(client: Client) -> dict[str, Counter[str]]:
    """How many answers of each status there are, by kind, whatever their basis."""
    return {
        kind: Counter(
            {
                status: (of[f"answers_{status}"]["numerator"] or 0)
                + (of[f"answers_{status}_by_endorsement"]["numerator"] or 0)  # none where none owe
                for status in STATUSES
            }
        )
        for kind, of in figures(client).items()
    }


def in_the_matrix(client: Client, kind: str) -> dict[str, Counter[str]]:
    """The squares of each member of a kind."""
    html = page(client, f"/matrix/?cycle=2024&kind={kind}")
    rows = [row for row in html.split("<tr>") if 'href="/members/' in row and "<td" in row]
    return {
        re.search(r"/members/([\w-]+)/", row)[1]: Counter(re.findall(r'<td class="s-(\w+)', row))
        for row in rows
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrix_adds_up_to_the_summary(client: Client, announced: None, kind: str) -> None:
    squares = in_the_matrix(client, kind)
    every = sum(squares.values(), Counter())
    of = figures(client)[kind]

    assert {s: every[s] for s in STATUSES} == dict(in_the_api(client)[kind])
    assert {s: every[s] for s in STATUSES} != dict.fromkeys(STATUSES, 0)
    assert sum(c["excused"] > 0 for c in squares.values()) == of["excused"]["numerator"]
    assert (
        sum(c["none"] > 0 and c["implemented"] == 0 for c in squares.values())
        == (of["missed"]["numerator"])
    )


def test_the_clauses_and_the_texts_add_up_to_the_summary(client: Client, announced: None) -> None:
    from_clauses: Counter[str] = Counter()
    for clause in Commitment.objects.leaves():
        html = page(client, f"/commitments/{clause.reference}/")
        for row in re.findall(r"<tr><th scope=\"row\">2024.*?</tr>", html, re.DOTALL):
            numbers = map(int, re.findall(r'<td class="num"[^>]*>(\d+)</td>', row))
            from_clauses.update(dict(zip(STATUSES, numbers, strict=False)))
    from_texts: Counter[str] = Counter()
    for code in ("2012", "2014-GOV", "2014-CSO", "2015", "2022"):
        html = page(client, f"/statements/{code}/")
        for status, n in re.findall(r'<span class="st s-(\w+)">(\d+) ', html):
            from_texts[status] += int(n)
    in_api = sum(in_the_api(client).values(), Counter())

    assert from_clauses == in_api
    assert {s: from_texts[s] for s in STATUSES} == dict(in_api)


def test_the_front_page_says_what_the_summary_says(client: Client, announced: None) -> None:
    of = figures(client)["government"]
    shown = words(page(client, "/"))
    published, expected = of["published"]["numerator"], of["published"]["denominator"]
    none = expected - published
    assert f"have a published report for 2024; {none} have none, 1 of them excused." in shown
    implemented = of["answers_implemented"]["numerator"]
    squares = in_the_matrix(client, "government")
    assert re.search(rf"{implemented} of [\d,]+ obligations", shown), shown
    belgian = Obligation.objects.lines(dt.date(2024, 1, 1)).filter(member__code="BEL")
    own = belgian.with_basis("signature").count() + belgian.with_basis("membership").count()
    assert f"For {own} the member is excused." in shown
    assert squares["BEL"]["excused"] == belgian.count()
