"""The demonstration: invented reports in every state, all marked, over an untouched register."""

import datetime as dt
import io
import json
from collections import Counter

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from commitments.models import Commitment, Lineage, Obligation, Passage, Signature, Statement
from members.events import broken_links
from members.models import Group, GroupMember, Member, Message, Name, Role, User
from reporting import actions, summaries
from reporting.deadlines import state
from reporting.demonstration import making, people, telling
from reporting.demonstration.lives import LIVES, PLANS, Plan
from reporting.demonstration.texts import MARK
from reporting.models import (
    Answer,
    AnswerVersion,
    Comment,
    Cycle,
    Extension,
    ExtensionRequest,
    Proposal,
    PublishedAnswer,
    PublishedCollective,
    PublishedObservation,
    PublishedReport,
    Receipt,
    Report,
    Summary,
    Version,
)

REGISTER = [Member, Name, Group, GroupMember, Statement, Commitment, Passage, Lineage, Signature]
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
TEXTS = ("narrative", "next_steps", "obstacles", "support_requested", "not_applicable_because")

# All tests of the module read the one demonstration that `made` makes, on one worker.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


def register() -> list[str]:
    """Every row of the register, and every obligation, as text."""
    rows = [serializers.serialize("json", model.objects.order_by("pk")) for model in REGISTER]
    obligations = Obligation.objects.order_by("pk").values_list("pk", "since", "until")
    return [*rows, str(list(obligations))]


@pytest.fixture(scope="module", autouse=True)
def made(django_db_setup, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, FIRST_CYCLE=2022),
        transaction.atomic(),
    ):
        before = register()
        out = making.make(NOW)
        yield {"out": out, "before": before}
        transaction.set_rollback(True)


def test_the_register_and_its_obligations_are_as_before(made):
    assert register() == made["before"]


def test_more_than_sixty_members_report_in_three_rounds():
    reporting = Report.objects.values("member").distinct()
    assert reporting.count() >= 60
    assert {r.cycle.code for r in Report.objects.select_related("cycle")} == {
        "2022",
        "2024",
        "2026",
    }


def test_every_state_is_to_be_seen():
    def seen(**facts):
        return Report.objects.filter(cycle__code="2026", **facts).exists()

    assert all(seen(state=state) for state in Report.State.values)
    assert seen(state="submitted", review_started_at=None)
    assert seen(state="submitted", review_started_at__isnull=False)
    assert seen(state="accepted", agreed_at=None)
    assert seen(state="accepted", agreed_at__isnull=False)
    assert seen(objected_at__isnull=False)
    ended = PublishedReport.objects.filter(shown_until__isnull=False)
    assert ended.exclude(withdrawn_because="").exists()
    shown = {(r.cycle, r.member) for r in PublishedReport.objects.shown()}
    drafts = Report.objects.filter(state="draft").select_related("cycle", "member")
    assert any((r.cycle.code, r.member.code) in shown for r in drafts), "none reopened"
    assert Version.objects.filter(number=2).exists()


def test_every_timeliness_is_to_be_seen():
    receipts = Receipt.objects.shown().filter(cycle__in=["2022", "2024"])
    assert set(receipts.values_list("timeliness", flat=True)) == {
        *("on_time", "late", "missed", "excused", "voluntary"),
    }
    assert receipts.filter(timeliness="missed", received_on__isnull=False).exists()
    assert Extension.objects.filter(due_on__isnull=False).exists()


def test_receipts_of_2022_and_2024_are_announced_and_2026_is_past_due_and_open():
    announced = Cycle.objects.filter(receipts_announced_on__isnull=False)
    assert {cycle.code for cycle in announced} == {"2022", "2024"}
    assert Receipt.objects.shown().filter(cycle="2022").count() == 48 + 6
    assert Receipt.objects.shown().filter(cycle="2024").count() == 84
    assert state(Cycle.objects.get(code="2026"), NOW, 2022) == "overdue"


def test_the_summaries_of_its_rounds_are_there_and_marked():
    built = Summary.objects.shown().filter(synthetic=True).values_list("scope", flat=True)
    cycles = {scope for scope in built if scope.startswith("cycle-")}
    assert cycles == {"cycle-2022", "cycle-2024", "cycle-2026", "cycle-2028"}  # beside 2026
    assert not {"member-GB-EAW", "statement-2022-TF"} & set(built)


def test_no_build_is_queued_for_each_publication(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        with summaries.built_by_the_caller():
            summaries.rebuild_when_committed()
        assert not callbacks
        summaries.rebuild_when_committed()
    assert len(callbacks) == 1


MADE_UP = [Report, Extension, PublishedReport, PublishedAnswer, Receipt]
MADE_UP += [PublishedObservation, PublishedCollective]


@pytest.mark.parametrize("model", MADE_UP)
def test_every_row_is_marked_synthetic(model):
    assert model.objects.filter(synthetic=True).exists()
    assert not model.objects.filter(synthetic=False).exists()


def test_yearly_figures_and_verdicts_of_each_sort_are_to_be_seen():
    shown = PublishedObservation.objects.shown()
    assert shown.filter(value=None).exists(), "fewer than 5"
    assert shown.filter(value__gt=4).exists()
    clause = Summary.objects.shown().get(scope="commitment-2012-G1")
    judged = {one["verdict"] for one in json.loads(clause.row)["verdicts"]}
    assert judged == {"met", "not_met", "cannot_tell"}


def test_progress_of_the_alliance_as_a_whole_is_told_and_marked():
    for row in PublishedCollective.objects.values_list("row", flat=True):
        said = json.loads(row)
        assert said["narrative"].startswith(MARK) and said["evidence"][0]["title"].startswith(MARK)
    shown = PublishedCollective.objects.shown()
    assert set(shown.values_list("cycle", flat=True)) == {"2022", "2024", "2026"}


def test_every_text_begins_with_the_mark():
    words = [
        text
        for model in (Answer, AnswerVersion)
        for row in model.objects.values_list(*TEXTS)
        for text in row
    ]
    words += Report.objects.values_list("returned_because", flat=True)
    words += PublishedReport.objects.values_list("withdrawn_because", flat=True)
    words += Extension.objects.values_list("reason", flat=True)
    words += ExtensionRequest.objects.values_list("reason", flat=True)
    words += Comment.objects.values_list("text", flat=True)
    words += [text for row in Proposal.objects.values_list(*TEXTS) for text in row]
    assert ExtensionRequest.objects.exists() and Comment.objects.exists()
    for row in PublishedAnswer.objects.values_list("row", flat=True):
        told = json.loads(row)
        assert told["synthetic"] is True
        words += [told[name] or "" for name in ("narrative", "next_steps", "obstacles")]
    assert len(words) > 10_000
    assert all(text.startswith(f"{MARK} ") for text in words if text)


def test_evidence_leads_to_an_address_that_is_reserved_for_examples():
    links = [link for found in Answer.objects.values_list("evidence", flat=True) for link in found]
    assert links
    assert all(link["title"].startswith(MARK) for link in links)
    assert all(link["url"].startswith("https://example.org/") for link in links)


def test_anyone_can_be_each_role_and_nobody_the_writer_of_all():
    playable = User.objects.demonstration()
    assert sorted(user.email for user in playable) == [
        f"{name}@demo.example"
        for name in (
            *("administrator", "analyst", "contributor", "editor"),
            *("focal-point", "outsider", "reviewer", "second-administrator"),
        )
    ]
    assert not any(user.has_usable_password() for user in User.objects.all())
    kinds = Role.objects.values_list("kind", flat=True)
    assert Counter(kinds) == Counter([*Role.Kind.values, "focal_point", "administrator"])
    writer = User.objects.get(email="members@demo.example")
    assert not writer.is_active and not writer.roles.exists()


def test_the_people_who_can_be_played_find_work():
    mine = Report.objects.visible_to(User.objects.get(email="focal-point@demo.example"))
    assert {r.cycle.code: r.state for r in mine.select_related("cycle")} == {
        "2022": "published",
        "2024": "published",
        "2026": "draft",
    }
    draft = mine.get(cycle__code="2026")
    statuses = set(draft.answers.values_list("status", flat=True))
    assert "" in statuses and len(statuses) > 2
    contributor = User.objects.get(email="contributor@demo.example")
    assert contributor.assignments.count() == 3
    assert Proposal.objects.get(saved_by=contributor).waits
    theirs = Report.objects.visible_to(User.objects.get(email="outsider@demo.example"))
    assert theirs.get(cycle__code="2026").state == "accepted"


def test_nothing_is_mailed_about_the_past_but_a_handful_that_can_be_read():
    messages = Message.objects.filter(synthetic=True)
    assert 0 < messages.count() == Message.objects.count() < 10
    playable = ("focal-point", "outsider", "contributor", "reviewer")
    assert {m.to for m in messages} <= {f"{name}@demo.example" for name in playable}
    assert all("2026" in m.subject for m in messages)


def test_the_record_of_events_holds_for_every_report():
    for report in Report.objects.select_related("cycle", "member").filter(cycle__code="2024"):
        assert not broken_links(f"report:{report.code}")


def test_each_answer_is_the_last_of_its_kept_versions():
    fields = [*TEXTS, "status", "evidence", "no_change", "visibility", "saved_at", "saved_by"]
    last = {v.answer_id: v for v in AnswerVersion.objects.order_by("version")}
    for answer in Answer.objects.filter(version__gt=0):
        kept = last.pop(answer.pk)
        assert kept.version == answer.version
        assert [getattr(kept, f) for f in fields if f != "saved_by"] == [
            getattr(answer, f) for f in fields if f != "saved_by"
        ]
    assert not last


def test_it_stays_out_of_reports_that_nobody_invented():
    with transaction.atomic():
        Report.objects.update(synthetic=False)
        before, err = Report.objects.count(), io.StringIO()
        call_command("load_demonstration", stderr=err)
        assert "left out" in err.getvalue()
        assert Report.objects.count() == before
        transaction.set_rollback(True)


def test_a_run_on_an_earlier_day_goes_as_far_as_that_day():
    """Steps that have not come yet are left out, so that it can be made on any day."""
    with transaction.atomic():
        cycle, cast = (
            Cycle.objects.get(code="2028"),
            people.People(
                writer=User.objects.get(email="members@demo.example"),
                reviewer=User.objects.get(email="reviewer@demo.example"),
            ),
        )
        eve = dt.datetime(2028, 6, 20, tzinfo=dt.UTC)
        making._make_round(Plan("2028", {"published": 3}, []), cycle, cast, eve)
        made = Report.objects.filter(cycle=cycle)
        assert {report.state for report in made} <= {"draft", "submitted"}
        assert made.count() == 3
        transaction.set_rollback(True)


def test_a_second_run_does_nothing():
    before = Report.objects.count(), Answer.objects.count(), User.objects.count()
    out = io.StringIO()
    call_command("load_demonstration", stdout=out)
    assert out.getvalue() == "demonstration: in place, nothing to do\n"
    assert (Report.objects.count(), Answer.objects.count(), User.objects.count()) == before


def test_it_is_refused_without_demo():
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=0"):
        call_command("load_demonstration")


def test_the_same_reports_are_made_every_time():
    """Made again, a round has the same lives, days, keys and words, and so the same hashes."""
    first = a_round_of_two()
    assert len(first) == 2
    assert first == a_round_of_two()


def a_round_of_two() -> dict[str, str]:
    """The hashes of two reports made for the round of 2028, which are gone afterwards."""
    with transaction.atomic():
        plan, cycle = Plan("2028", {"accepted": 2}, []), Cycle.objects.get(code="2028")
        cast = people.People(
            writer=User.objects.get(email="members@demo.example"),
            reviewer=User.objects.get(email="reviewer@demo.example"),
        )
        making._make_round(plan, cycle, cast, NOW.replace(year=2029))
        versions = Version.objects.filter(report__cycle=cycle).select_related("report__member")
        hashes = {version.report.member.code: version.sha256 for version in versions}
        transaction.set_rollback(True)
    return hashes


def test_every_life_is_led_by_some_report():
    led = {life for plan in PLANS for life in [*plan.expected, *plan.voluntary]}
    assert led | {"none"} == set(LIVES)


def test_filling_in_bulk_keeps_what_saving_one_by_one_keeps():
    """The one shortcut of the demonstration, beside the action that it stands for."""
    with transaction.atomic():
        drafts = Report.objects.filter(cycle__code="2026", state="draft", answers__version=0)
        report = drafts.exclude(member__code="ALB").distinct().first()
        member = report.member
        user = User.objects.create_user("focal@cast.example", None)
        Role.objects.create(user=user, kind="focal_point", member=member, since="2020-01-01")
        two = list(report.answers.filter(version=0).select_related("commitment")[:2])
        said = {
            "status": "planned",
            "narrative": f"{MARK} A plan.\r\n",
            "evidence": [{"title": "x", "url": "https://example.org/x"}],
            "visibility": "members",
        }
        at = NOW - dt.timedelta(days=1)
        telling.fill(report, {two[0].commitment.reference: said}, by=user, at=at)
        actions.save_answer(report, two[1].commitment, said=said, base_version=0, by=user, at=at)
        kept = [facts(answer) for answer in two]
        assert kept[0] == kept[1]
        assert kept[0]["version"] == 1
        transaction.set_rollback(True)


def facts(answer: Answer) -> dict:
    answer.refresh_from_db()
    version = answer.versions.get()
    names = ("version", "saved_at", "saved_by")
    told = {**answer.said(), **{name: getattr(answer, name) for name in names}}
    assert told == {**version.said(), **{name: getattr(version, name) for name in names}}
    return told
