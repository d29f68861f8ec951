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
    seen = more.get("seen", actions.preview_merge(former, into).digest)
    facts = {"seen": seen, "because": "The same ministry.", "by": by, "at": timezone.now()}
    return actions.merge(former, into, **facts)


def test_what_would_move_is_shown_and_then_moved_and_the_code_leads_on(
    client: Client, twice: Member, member: Member, administrator: User
) -> None:
    desk = sign_in(client, administrator)
    assert "Merge two records" in words(desk.get("/secretariat/members/QQQ/"))
    shown_as = Member.objects.named(DAY).get(pk=member.pk).display_name
    page = desk.get(f"{PAGE}?into=ALB")
    for moved in ("Another spelling", "Signatures 1", "Roles of people 1", "Treaties 1"):
        assert moved in words(page), moved
    sent = {name: page.context["again"][name].value() for name in ("into", "seen")}
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
