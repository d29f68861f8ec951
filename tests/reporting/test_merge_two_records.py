"""Two records of one member become one: looked at first, then done, and never undone."""

import datetime as dt
import re
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, transaction
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment, Signature, Statement
from members.models import Event, FormerCode, Member, Name, TreatyFact, User
from reporting import actions, rules
from reporting.actions.merging import PARTS
from reporting.models import Cycle, Indicator, Observation, Report, ReportElsewhere
from reporting.observations import asked
from reporting.questions import assignments
from tests.cast import person, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/members/QQQ/merge/"
DAY = dt.date(2024, 3, 1)


@pytest.fixture
def twice(cycle: Cycle, member: Member) -> Member:
    """A second record of the member, made by mistake, with facts of its own."""
    other = Member.objects.create(code="QQQ", kind=member.kind, region="Europe")
    Name.objects.create(member=other, text="Another spelling", source="A letter")
    TreatyFact.objects.create(member=other, stage="signed", on=DAY, source="A letter")
    person("focal_point", of=other, name="of-the-other")
    link = {"title": "Ours", "year": 2014, "url": "https://x.example.org/", "source": "A letter"}
    ReportElsewhere.objects.create(member=other, **link)
    statement = Statement.objects.create(
        code="2030", title="x", place="x", adopted_on=DAY, binding="signature", position=99
    )
    name = Name.objects.create(member=other, text="The spelling", source="x", statement="2030")
    facts = {"statement": statement, "name": name, "signed_on": DAY, "position": 1}
    Signature.objects.create(member=other, **facts)
    return other


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def merge(former: Member, into: Member, by: User, **more: Any) -> Member:
    apart = [one.name for one in actions.preview_merge(former, into).differences]
    chosen = dict.fromkeys(apart, "stays") | more.get("chosen", {})
    seen = more.get("seen") or actions.preview_merge(former, into, chosen).digest
    facts = {"seen": seen, "because": "The same ministry.", "by": by, "at": timezone.now()}
    return actions.merge(former, into, chosen=chosen, **facts)


def looked(desk: Client, **chosen: str) -> tuple[Any, dict[str, str]]:
    """The page that says what would follow of a choice, and what its form would send."""
    page = desk.post(PAGE, {"do": "look", "into": "ALB", **chosen})
    sent = {name: page.context["again"][name].value() for name in ("into", "seen", *chosen)}
    return page, sent


def test_what_would_move_is_shown_and_then_moved_and_the_code_leads_on(
    client: Client, twice: Member, member: Member, administrator: User
) -> None:
    desk = sign_in(client, administrator)
    assert "Merge two records" in words(desk.get("/secretariat/members/QQQ/"))
    shown_as = Member.objects.named(DAY).get(pk=member.pk).display_name
    page = desk.get(f"{PAGE}?into=ALB")
    for moved in ("Another spelling", "Signatures 1", "Roles of people 1", "Treaties 1"):
        assert moved in words(page), moved
    page, sent = looked(desk, region="stays")
    assert desk.post(PAGE, sent).status_code == 400, "without a reason"
    assert desk.post(PAGE, sent | {"because": "The same ministry."}).status_code == 302

    assert not Member.objects.filter(code="QQQ").exists()
    assert member.names.get(text="Another spelling").kind == "also"
    assert Member.objects.named(DAY).get(pk=member.pk).display_name == shown_as
    assert member.signatures.filter(statement__code="2030").exists()
    assert member.people.filter(user__name="of-the-other").exists()
    assert member.treaty_facts.count() == member.reports_elsewhere.count() == 1
    gone = Client().get("/members/QQQ/")
    assert (gone.status_code, gone["Location"]) == (301, "/members/ALB/")
    told = Client().get("/api/v1/members/QQQ/")
    assert told.status_code == 410 and "ALB" in told.json()["detail"] + str(told.json()["errors"])
    for chain in ("member:ALB", "member:QQQ"):
        assert Event.objects.filter(chain=chain).latest("number").verb == "merged"
    history = words(desk.get("/secretariat/members/ALB/history/"))
    assert "Another spelling" in history and "QQQ" in history


def test_a_half_entered_report_goes_along_with_its_questions_and_figures(
    twice: Member, member: Member, editor: User, administrator: User
) -> None:
    at = dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC)
    came = {"received_as": "letter", "received_on": dt.date(2026, 6, 30), "by": editor, "at": at}
    report = actions.enter(Cycle.objects.get(code="2026"), twice, **came)
    focal, colleague = User.objects.get(name="of-the-other"), person("contributor", of=twice)
    clauses = Commitment.objects.filter(pk=report.answers.first().commitment_id)
    by = {"by": focal, "at": at}
    actions.assign(report, clauses, to=colleague, due_on=at.date(), apart=True, **by)
    later = at + dt.timedelta(days=2)
    assert actions.remind_of_dates(at=later) == 1
    told = {"state": "value", "value": 0, "source": "Register", "note": "Another definition."}
    indicator = Indicator.objects.get()
    Observation.objects.create(member=twice, indicator=indicator, year=2024, version=1, **told)

    merge(twice, member, administrator)
    report = Report.objects.get(pk=report.pk)
    assert report.code == "2026-ALB" and rules.enters(editor, report)
    assert (report.received_as, report.received_on) == ("letter", came["received_on"])
    assert [one.person for one in assignments(report)] == [colleague]
    assert actions.remind_of_dates(at=later) == 0, "told once is told, under either code"
    [stands] = [
        one.stands for one in asked(report, ["2012-G1"], DAY.replace(2026)) if one.stands.pk
    ]
    assert (stands.year, stands.said()) == (2024, told)


def test_a_figure_that_was_taken_back_gives_way_to_what_the_other_record_says(
    twice: Member, member: Member, administrator: User
) -> None:
    told = {"state": "value", "source": "Register"}
    facts: dict[tuple[Member, int], dict[str, Any]] = {
        (twice, 2021): {"version": 2},
        (member, 2021): {"version": 4},
        (twice, 2022): {"version": 3},
        (member, 2022): {"version": 3, "value": 7, **told},
        (twice, 2023): {"version": 1, "value": 0, **told},
        (member, 2023): {"version": 2},
        (twice, 2024): {"version": 1, "value": 8, **told},
        (member, 2024): {"version": 1, "value": 8, **told},
    }
    for (one, year), said in facts.items():
        Observation.objects.create(member=one, indicator=Indicator.objects.get(), year=year, **said)
    refused = actions.preview_merge(twice, member).refusals
    assert len(refused) == 1 and "2024" in refused[0], "two figures: nobody chooses"
    twice.observations.filter(year=2024).delete()

    merge(twice, member, administrator)
    rows = member.observations.order_by("year").values_list("year", "value", "version")
    assert list(rows) == [(2021, None, 5), (2022, 7, 4), (2023, 0, 3), (2024, 8, 1)]


def test_the_calendar_and_the_record_under_a_former_code_lead_on(
    client: Client, twice: Member, member: Member, administrator: User
) -> None:
    merge(twice, member, administrator)
    desk = sign_in(client, administrator)
    for reader, path in (
        (Client(), "/members/{}/calendar.ics"),
        (desk, "/secretariat/members/{}/"),
        (desk, "/secretariat/members/{}/history/"),
    ):
        led = reader.get(path.format("QQQ"))
        assert (led.status_code, led["Location"]) == (301, path.format("ALB")), path
        assert reader.get(path.format("QQX")).status_code == 404, path
    assert desk.post("/secretariat/members/QQQ/", {"do": "join"}).status_code == 404
    assert Client().get("/secretariat/members/QQQ/")["Location"].startswith("/accounts/")


@pytest.fixture
def apart(twice: Member, member: Member) -> Member:
    """The second record with a day, a note and a signature that the first has not."""
    Member.objects.filter(pk=twice.pk).update(
        joined_on=dt.date(2026, 1, 1), joined_source="letter", note="A note.", region=member.region
    )
    Member.objects.filter(pk=twice.pk).update(region_source=member.region_source)
    new = Statement.objects.filter(binding="signature").exclude(signatures__member=member)
    twice.signatures.update(statement=new.exclude(code="2030").first())
    return Member.objects.get(pk=twice.pk)


def test_a_person_is_asked_for_each_fact_that_differs(
    client: Client, apart: Member, administrator: User
) -> None:
    desk = sign_in(client, administrator)
    told = words(desk.get(f"{PAGE}?into=ALB"))
    for fact in ("Joined on", "QQQ: 1 January 2026, letter", "ALB: nothing", "QQQ: A note."):
        assert fact in told, fact
    assert "Region" not in told and "Merge the records" not in told
    unsaid = desk.post(PAGE, {"do": "look", "into": "ALB", "joined_on": "stays"})
    assert unsaid.status_code == 400 and "note" in unsaid.context["form"].errors


def test_what_would_be_owed_by_a_choice_is_seen_before_it_is_made(
    client: Client, apart: Member, member: Member, administrator: User
) -> None:
    desk = sign_in(client, administrator)
    page, sent = looked(desk, joined_on="stays", note="goes")
    [gained, lost] = [lines for _words, lines in page.context["weight"]]
    assert [line["member"] for line in gained] == ["ALB"], "what QQQ signed"
    assert "QQQ" in {line["member"] for line in lost}
    assert "ALB" not in {line["member"] for line in lost}

    page, other = looked(desk, joined_on="goes", note="goes")
    lost = page.context["weight"][1][1]
    days = {line["days"] for line in lost if line["member"] == "ALB"}
    assert days == {"since 2 June 2022"}, "it would owe as a member from 2026 alone"
    assert "since 1 January 2026" in words(page)
    assert not FormerCode.objects.exists() and Member.objects.get(code="QQQ").joined_on

    mixed = other | {"seen": sent["seen"], "because": "The same ministry."}
    assert desk.post(PAGE, mixed).status_code == 400, "not what was looked at"
    mute = desk.post(PAGE, sent)
    assert mute.status_code == 400 and mute.context["weight"], "the reason is asked for beside it"
    assert desk.post(PAGE, sent | {"because": "The same ministry."}).status_code == 302
    member.refresh_from_db()
    assert (member.joined_on, member.joined_source, member.note) == (None, "", "A note.")
    told = Event.objects.filter(chain="member:ALB").latest("number").detail
    assert told["chosen"] == {"joined_on": "stays", "note": "goes"}


def test_what_is_chosen_of_the_record_that_goes_holds(
    twice: Member, member: Member, administrator: User
) -> None:
    day = dt.date(2026, 1, 1)
    Member.objects.filter(pk=twice.pk).update(joined_on=day, joined_source="letter")
    twice.refresh_from_db()
    merge(twice, member, administrator, chosen={"joined_on": "goes"})
    member.refresh_from_db()
    assert (member.joined_on, member.joined_source, member.region_source) == (
        day,
        "letter",
        "UN M49",
    )


def test_two_joining_days_are_not_chosen_between_but_corrected_first(
    client: Client, twice: Member, member: Member, administrator: User
) -> None:
    Member.objects.filter(pk=twice.pk).update(joined_on=dt.date(2026, 1, 1))
    Member.objects.filter(pk=member.pk).update(joined_on=dt.date(2025, 1, 1))
    page = sign_in(client, administrator).get(f"{PAGE}?into=ALB")
    assert "correct it first, under Membership" in words(page)
    for code in ("ALB", "QQQ"):
        assert f'href="/secretariat/members/{code}/"' in page.content.decode()
    with pytest.raises(ValidationError):
        merge(twice, member, administrator)


@pytest.mark.parametrize("tie", ["part_of", "reports_through"])
def test_a_part_and_its_whole_are_not_one(
    twice: Member, member: Member, administrator: User, tie: str
) -> None:
    for one, other in ((twice, member), (member, twice)):
        Member.objects.filter(pk=one.pk).update(**{tie: other})
        found = actions.preview_merge(
            Member.objects.get(pk=twice.pk), Member.objects.get(code="ALB")
        )
        assert any("part of the other" in refused for refused in found.refusals)
        Member.objects.filter(pk=one.pk).update(**{tie: None})


def test_a_former_code_is_never_given_again(
    twice: Member, member: Member, administrator: User
) -> None:
    merge(twice, member, administrator)
    for bring in (
        lambda: Member.objects.create(code="QQQ", kind=member.kind),
        lambda: Member.objects.filter(pk=member.pk).update(code="QQQ"),
        lambda: FormerCode.objects.update(code="QQR"),
        lambda: FormerCode.objects.all().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            bring()


def test_what_stands_in_the_way_is_said_and_nothing_is_moved(
    client: Client, twice: Member, member: Member, administrator: User, focal_point: User
) -> None:
    TreatyFact.objects.create(member=member, stage="signed", on=DAY, source="A page")
    cycle, opened = Cycle.objects.get(code="2026"), dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    for one in (twice, member):
        writer = focal_point if one == member else User.objects.get(name="of-the-other")
        actions.start_report(cycle, one, by=writer, at=opened)
    page = sign_in(client, administrator).get(f"{PAGE}?into=ALB")
    assert "Treaties: both hold the same fact" in words(page)
    assert "Drafts of reports: both hold the same fact" in words(page)
    assert page.context["again"] and "Merge the records" not in words(page)
    with pytest.raises(ValidationError):
        merge(twice, member, administrator)
    with pytest.raises(ValidationError):
        merge(member, member, administrator)
    assert Member.objects.filter(code="QQQ").exists() and not FormerCode.objects.exists()


def test_only_an_administrator_merges_and_only_what_was_looked_at(
    twice: Member, member: Member, administrator: User, editor: User
) -> None:
    with pytest.raises(PermissionDenied):
        merge(twice, member, editor)
    with pytest.raises(ValidationError):
        merge(twice, member, administrator, seen="x")
    assert Member.objects.filter(code="QQQ").exists()


def test_every_row_that_names_a_member_is_accounted_for() -> None:
    told = {(part.model, part.via) for part in PARTS}
    named = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None)
        and field.concrete
        and field.remote_field.model is Member
        and model._meta.managed
        and not hasattr(model, "pgh_tracked_model")
    }
    assert named == told
