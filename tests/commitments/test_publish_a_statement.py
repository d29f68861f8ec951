"""What a draft lacks is told, what it would create is shown, and it is published once."""

import datetime as dt
import time

import pytest
from django.test import Client

from commitments import actions
from commitments.models import Commitment, Draft, Lineage, Obligation, Statement
from members.models import Event, PublicVersion, User
from tests.cast import sign_in

from .drafting import FACTS, clause, divided, do, filled, page, published, stored, tried, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    return sign_in(client, editor)


def test_what_is_in_the_way_is_told_with_the_page_that_mends_it(desk: Client) -> None:
    draft = divided(desk, source="", title="Another title")
    do(desk, draft, "drop", part=draft.parts.filter(what="preamble").get().pk)
    told = "\n".join(lack.words for lack in actions.lacks(draft))
    for words in (
        "Where the text was read is missing.",
        "Its title does not stand in the text",
        "“We, who are gathered here, agree on the following.”",
        "A clause needs a number",
        "No name stands under it.",
    ):
        assert words in told
    shown = desk.get(page(draft, "preview/"))
    assert shown.status_code == 200 and page(draft, "names/") in shown.content.decode()
    before = stored()
    seen = actions.fingerprint(draft)
    assert desk.post(page(draft, "publish/"), {"seen": seen}).status_code == 400
    assert stored() == before


def test_the_preview_counts_what_the_register_would_and_keeps_nothing(desk: Client) -> None:
    draft, before, stamp = filled(desk), stored(), PublicVersion.objects.get().number
    context = tried(desk, draft)
    trial = context["trial"]
    assert (trial.obligations, trial.signatures) == (6, 2)
    bound = {c.reference.removeprefix("2026-TST-"): (n, bool(w)) for c, n, w in trial.clauses}
    assert bound == {
        "1": (2, False),
        "2": (0, True),
        "2a": (2, False),
        "2b": (2, False),
        "B1": (0, True),
        "B2": (0, True),
    }
    assert [(member.code, n) for member, n, _whys in context["bound"]] == [("ALB", 3), ("BEL", 3)]
    assert (stored(), PublicVersion.objects.get().number) == (before, stamp)


def test_a_number_of_clauses_is_the_same_on_every_page(desk: Client) -> None:
    draft = filled(desk)
    preview = tried(desk, draft)
    assert preview["trial"].counted == 5
    sent = {"seen": preview["seen"]}
    assert desk.post(page(draft, "publish/"), sent).status_code == 302
    told = {
        address: {row.code: row.clauses for row in rows(desk.get(address).context["rows"])}
        for address, rows in (
            ("/secretariat/statements/", list),
            ("/statements/", lambda found: [row[0] for row in found]),
        )
    }
    assert told["/secretariat/statements/"] == told["/statements/"]
    assert told["/statements/"]["2026-TST"] == 5
    api = desk.get("/api/v1/statements/?page_size=100").json()["results"]
    assert {row["code"]: row["commitment_count"] for row in api} == told["/statements/"]
    assert desk.get("/statements/2026-TST/").context["statement"].clauses == 5


def test_it_is_published_as_the_registry_would_load_it(desk: Client) -> None:
    stamp = PublicVersion.objects.get().number
    text = published(desk)
    assert PublicVersion.objects.get().number > stamp
    plan = Commitment.objects.get(reference="2026-TST-2")
    assert (plan.due_on, plan.due_precision) == (dt.date(2031, 3, 31), "month")
    assert [c.reference for c in plan.children.all()] == ["2026-TST-2a", "2026-TST-2b"]
    first = Commitment.objects.get(reference="2026-TST-1")
    assert [theme.code for theme in first.themes.all()] == ["prevention"]
    link = Lineage.objects.get(source_commitment=first)
    assert (link.kind, link.target) == ("refers_to", "2012-T1")
    assert [p.kind for p in text.passages.all()][-1] == "signatories"
    assert text.passages.get(kind="heading", text="Together").before == Commitment.objects.get(
        reference="2026-TST-B1"
    )
    signed = text.signatures.order_by("position").values_list("name__text", "signed_on_inferred")
    assert list(signed) == [("Republic of Albania", True), ("Belgium", True)]
    owed = Obligation.objects.filter(statement=text)
    assert {(o.basis, o.since) for o in owed} == {("signature", dt.date(2026, 1, 15))}
    assert Event.objects.filter(chain="statements", verb="statement published").count() == 1
    draft = Draft.objects.get()
    assert draft.statement == text and draft.published_at is not None


def test_everyone_reads_the_published_text(desk: Client) -> None:
    published(desk)
    outside = Client()
    for address in (
        "/statements/",
        "/statements/2026-TST/",
        "/commitments/2026-TST-1/",
        "/commitments/2026-TST-2/",
        "/members/ALB/",
        "/matrix/?statement=2026-TST",
        "/api/v1/obligations/?statement=2026-TST",
        "/api/v1/commitments/?statement=2026-TST",
    ):
        answer = outside.get(address)
        assert answer.status_code == 200, address
        assert "2026-TST" in b"".join(answer).decode(), address  # type: ignore[arg-type]


def test_a_text_that_binds_a_body_binds_no_member(desk: Client) -> None:
    draft = filled(desk)
    assert desk.post(page(draft), FACTS | {"version": "1", "binding": "body"}).status_code == 302
    shown = tried(desk, draft)
    assert (shown["trial"].obligations, shown["trial"].signatures) == (0, 0)
    whys = {why for _clause, _n, why in shown["trial"].clauses}
    assert "This text binds no member by itself." in whys
    assert desk.post(page(draft, "publish/"), {"seen": shown["seen"]}).status_code == 302
    text = Client().get("/statements/2026-TST/").content.decode()
    assert "This text binds no member by itself." in text and "Taskforce" not in text


def test_published_twice_is_published_once_and_its_draft_stays(desk: Client) -> None:
    draft = filled(desk)
    seen = tried(desk, draft)["seen"]
    for _time in range(2):
        assert desk.post(page(draft, "publish/"), {"seen": seen}).status_code == 302
    assert Statement.objects.filter(code="2026-TST").count() == 1
    assert Event.objects.filter(verb="statement published").count() == 1
    assert do(desk, draft, "propose").status_code == 400
    assert desk.post(page(draft), FACTS | {"version": "1"}).status_code == 400
    assert desk.get(page(draft, "names/")).status_code == 200


def test_a_draft_changed_after_its_preview_is_shown_again(desk: Client) -> None:
    draft = filled(desk)
    seen = tried(desk, draft)["seen"]
    write(desk, clause(draft, "1"), title="Teach all")
    late = desk.post(page(draft, "publish/"), {"seen": seen})
    assert late.status_code == 409 and late.context["seen"] != seen
    assert not Statement.objects.filter(code="2026-TST").exists()


def test_publication_asks_for_a_fresh_second_factor(desk: Client) -> None:
    draft = filled(desk)
    seen = tried(desk, draft)["seen"]
    session = desk.session
    for step in session["account_authentication_methods"]:
        step["at"] = time.time() - 7200
    session.save()
    answer = desk.post(page(draft, "publish/"), {"seen": seen})
    assert answer.status_code == 302 and not Statement.objects.filter(code="2026-TST").exists()
