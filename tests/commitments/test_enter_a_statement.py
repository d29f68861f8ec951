"""An editor enters a new text without code: its facts, its parts, and the names under it."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from commitments import actions, parting
from commitments.models import Draft, DraftName, DraftPart
from members.history import version_of
from members.models import Event, PublicVersion, User
from tests.cast import sign_in

from .drafting import (
    CLAUSE,
    FACTS,
    LIST,
    NEW,
    begun,
    clause,
    divided,
    do,
    filled,
    page,
    stored,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    return sign_in(client, editor)


# ---- the draft


def test_a_draft_is_saved_listed_and_moves_no_public_stamp(desk: Client, visitor: Any) -> None:
    stamp, before = PublicVersion.objects.get().number, stored()
    draft = filled(desk)
    assert (PublicVersion.objects.get().number, stored()) == (stamp, before)
    assert "2026-TST" in desk.get(LIST).content.decode()
    assert Event.objects.get(chain="statements").verb == "draft begun"
    outside = Client()
    for address in ("/statements/2026-TST/", "/commitments/2026-TST-1/"):
        assert outside.get(address).status_code == 404
    assert "2026-TST" not in outside.get("/statements/").content.decode()
    assert draft.published_at is None


def test_a_draft_waits_on_today_for_those_who_may_go_on_with_it(
    client: Client, desk: Client, reviewer: User
) -> None:
    draft, told = begun(desk), (1, "oldest 4 days", f"{LIST}#drafts")
    Draft.objects.update(begun_at=draft.begun_at - dt.timedelta(days=4))
    waits = [row for row in desk.get("/secretariat/").context["rows"] if "drafts" in row["url"]]
    assert [(row["count"], row["note"], row["url"]) for row in waits] == [told]
    sign_in(client, reviewer)
    assert "Drafts of statements" not in client.get("/secretariat/").content.decode()
    shown = client.get(LIST).content.decode()
    assert "2012" in shown and "2026-TST" not in shown


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "", "required"),
        ("code", "26", "such a code"),
        ("code", "2012", "with this code"),
        ("title", "", "required"),
        ("adopted_on", "2026-02-30", "valid date"),
        ("adopted_on", "0001-01-01", "valid date"),
        ("binding", "nobody", "valid choice"),
        ("text", "a\x00b", "cannot be stored"),
        ("text", "x" * 200_001, "at most"),
    ],
)
def test_what_is_wrong_with_the_facts_is_said_beside_its_field(
    desk: Client, field: str, value: str, words: str
) -> None:
    answer = desk.post(NEW, FACTS | {field: value})
    assert answer.status_code == 400
    assert words in str(answer.context["form"].errors[field])
    assert not Draft.objects.exists()


def test_two_drafts_never_have_one_code(desk: Client) -> None:
    begun(desk)
    assert desk.post(NEW, FACTS).status_code == 400
    with pytest.raises(DatabaseError), transaction.atomic():
        Draft.objects.create(code="2026-TST", title="Again", begun_at=dt.datetime.now(dt.UTC))


def test_who_is_slower_with_the_facts_sees_both(desk: Client) -> None:
    draft = begun(desk)
    typed = FACTS | {"version": "1"}
    assert desk.post(page(draft), typed | {"place": "Here"}).status_code == 302
    late = desk.post(page(draft), typed | {"place": "There"})
    assert late.status_code == 409
    shown = late.content.decode()
    assert "Here" in shown and 'value="There"' in shown
    assert Draft.objects.get().place == "Here"
    again = desk.post(page(draft), typed | {"place": "There", "version": "2"})
    assert again.status_code == 302 and Draft.objects.get().place == "There"


def test_a_draft_is_thrown_away(desk: Client) -> None:
    draft = divided(desk)
    late = desk.post(page(draft), {"do": "drop", "version": "7"})
    assert late.status_code == 409 and Draft.objects.exists()
    assert desk.post(page(draft), {"do": "drop", "version": "1"}).status_code == 302
    assert not Draft.objects.exists() and not DraftPart.objects.exists()
    assert Event.objects.filter(verb="draft dropped").exists()


# ---- its parts


def test_the_numbering_suggests_clauses_with_section_lead_in_and_place(desk: Client) -> None:
    draft = divided(desk)
    found = [(part.what, part.number, part.under) for part in draft.parts.all()]
    assert found == [
        ("title", "", ""),
        ("preamble", "", ""),
        ("heading", "", ""),
        ("lead_in", "", ""),
        ("clause", "1", ""),
        ("clause", "2", ""),
        ("clause", "2a", "2"),
        ("clause", "2b", "2"),
        ("heading", "", ""),
        ("clause", "B1", ""),
        ("clause", "B2", ""),
        ("signatories", "", ""),
    ]
    first, second = clause(draft, "1"), clause(draft, "2b")
    assert (first.section, first.lead_in) == ("Prevention", "We will:")
    assert second.lead_in == "by March 2031, publish a plan that holds:"
    assert first.text == "teach children and those who care for them;"


@pytest.mark.parametrize("text", ["", "\n \n", "(" * 5000, "a) " * 3000, "1.1.1. x\n" * 90, "• "])
def test_any_text_is_divided_or_refused_and_accounts_for_itself(text: str) -> None:
    parts = parting.propose(text)
    found = parting.fit(text, [part.text for part in parts])
    assert not found.absent and not found.misplaced
    numbers = [part.number for part in parts if part.number]
    assert len(numbers) == len(set(numbers))


def test_words_that_do_not_stand_in_the_text_are_refused_beside_their_field(desk: Client) -> None:
    part = clause(divided(desk), "1")
    answer = write(desk, part, title="Teach", text="teach all children", lead_in="We shall:")
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"text", "lead_in"}
    assert clause(part.draft, "1").title == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("number", "2"),
        ("number", "one!"),
        ("under", "2"),  # it stands later
        ("kind", "promise"),
        ("applies_to", "government"),  # names stand under it
        ("verified_by", "indicator"),
        ("due_on", "2031-02-30"),
        ("every_months", "0"),
        ("themes", "weather"),
        ("refers_to", "2012-T1, 1999-X"),
    ],
)
def test_what_is_wrong_with_a_clause_is_said_beside_its_field(
    desk: Client, field: str, value: str
) -> None:
    answer = write(desk, clause(divided(desk), "1"), **({"title": "Teach"} | {field: value}))
    assert answer.status_code == 400 and field in answer.context["form"].errors


def test_what_a_person_says_of_a_clause_is_kept(desk: Client) -> None:
    part = clause(divided(desk), "2b")
    said = {"title": "A person", "themes": ["prevention", "victims"], "refers_to": "2012-T1 2015"}
    said |= {"note": "Printed twice.", "verified_by": "secretariat", "every_months": "24"}
    assert write(desk, part, **said).status_code == 302
    part.refresh_from_db()
    assert (part.themes, part.refers_to) == ("prevention, victims", "2012-T1, 2015")
    assert (part.title, part.note, part.under, part.every_months) == (
        *("A person", "Printed twice.", "2"),
        24,
    )
    form = desk.get(page(part.draft, f"parts/{part.pk}/")).context["form"]
    assert form["themes"].value() == ["prevention", "victims"]


def test_a_date_goes_with_how_exact_and_how_firm_it_is(desk: Client) -> None:
    part = clause(divided(desk), "2")
    answer = write(desk, part, title="Plan", due_on="2031-03-02", due_modality="")
    assert answer.status_code == 400 and "due_modality" in answer.context["form"].errors
    told = {"due_on": "2031-03-02", "due_precision": "month", "due_modality": "indicative"}
    assert write(desk, part, title="Plan", **told).status_code == 302
    assert clause(part.draft, "2").due_on == dt.date(2031, 3, 31)


def test_what_is_of_clauses_alone_goes_when_a_part_is_none(desk: Client) -> None:
    part = clause(divided(desk), "1")
    assert write(desk, part, title="Teach", what="note").status_code == 302
    part.refresh_from_db()
    assert (part.what, part.number, part.kind, part.title) == ("note", "", "", "")


def test_parts_move_come_and_go_and_the_later_of_two_is_told(desk: Client) -> None:
    draft = divided(desk)
    first, second = draft.parts.all()[:2]
    seen = version_of(draft, actions.PARTS)
    assert do(desk, draft, "down", part=first.pk).status_code == 302
    assert [part.pk for part in draft.parts.all()[:2]] == [second.pk, first.pk]
    late = do(desk, draft, "drop", part=first.pk, version=seen)
    assert late.status_code == 409 and draft.parts.filter(pk=first.pk).exists()
    added = do(desk, draft, "add", part=second.pk)
    assert added.status_code == 302
    assert draft.parts.all()[1].text == "" and draft.parts.count() == 13
    assert do(desk, draft, "drop", part=first.pk).status_code == 302
    assert do(desk, draft, "up", part=first.pk).status_code == 400
    assert do(desk, draft, "fly").status_code == 400


def test_who_is_slower_with_a_part_sees_both(desk: Client) -> None:
    part = clause(divided(desk), "1")
    address, typed = page(part.draft, f"parts/{part.pk}/"), CLAUSE | {"number": "1"}
    typed |= {"text": part.text, "version": "1"}
    assert desk.post(address, typed | {"title": "First"}).status_code == 302
    late = desk.post(address, typed | {"title": "Second"})
    assert late.status_code == 409
    assert "First" in late.content.decode() and 'value="Second"' in late.content.decode()


def test_nobody_opens_a_part_by_the_address_of_another_draft(desk: Client) -> None:
    part, other = clause(divided(desk), "1"), begun(desk, code="2027")
    assert desk.get(page(other, f"parts/{part.pk}/")).status_code == 404
    assert do(desk, other, "drop", part=part.pk).status_code == 400


# ---- the names


def test_a_name_is_kept_exactly_and_a_person_says_whom_it_means(desk: Client) -> None:
    draft = filled(desk)
    found = list(draft.names.values_list("printed", "member__code"))
    assert found == [("Republic of Albania", "ALB"), ("Belgium", "BEL")]
    name = draft.names.first()
    assert name is not None
    typed = {"version": version_of(draft, actions.NAMES), f"code-{name.pk}": "nobody"}
    answer = desk.post(page(draft, "names/"), typed)
    assert answer.status_code == 400 and f"code-{name.pk}" in answer.context["form"].errors
    both = {f"code-{one.pk}": "BEL" for one in draft.names.all()}
    assert desk.post(page(draft, "names/"), typed | both).status_code == 400
    late = desk.post(page(draft, "names/"), {"version": 0, "do": "add", "printed": "X"})
    assert late.status_code == 409 and not DraftName.objects.filter(printed="X").exists()


def test_sure_matches_are_confirmed_at_once_and_the_others_one_by_one(desk: Client) -> None:
    draft = begun(desk)
    printed = "Albania\r\nBELGIUM\r\nRepublic of Austria\r\nDenmark\r\nDenmark"
    desk.post(page(draft, "names/"), {"do": "add", "version": 0, "printed": printed})
    answer = desk.get(page(draft, "names/"))
    assert [(name.printed, m.code) for name, m, _why in answer.context["sure"]] == [
        ("Albania", "ALB"),
        ("BELGIUM", "BEL"),
    ]
    form = answer.context["sure_form"]
    sent = {"do": "sure", "version": form["version"].value(), "sure": form["sure"].value()}
    austria = draft.names.get(printed="Republic of Austria")
    odd = desk.post(page(draft, "names/"), sent | {"sure": [f"{austria.pk}-AUT"]})
    assert odd.status_code == 400 and "have changed" in odd.content.decode()
    assert desk.post(page(draft, "names/"), sent).status_code == 302
    found = draft.names.exclude(member=None).values_list("member__code", flat=True)
    assert set(found) == {"ALB", "BEL"}
    assert desk.post(page(draft, "names/"), sent).status_code in (400, 409)
    assert not desk.get(page(draft, "names/")).context["sure"]


def test_the_names_in_the_text_are_proposed_and_none_is_forgotten(desk: Client) -> None:
    draft = divided(desk)
    add = desk.get(page(draft, "names/")).context["add"]
    assert add["printed"].value() == "Republic of Albania\nBelgium"
    typed = {"do": "add", "version": 0, "printed": "Belgium"}
    assert desk.post(page(draft, "names/"), typed).status_code == 302
    told = [lack.words for lack in actions.lacks(draft) if lack.where == "names"]
    assert any("not among its names: Republic of Albania" in words for words in told)
    add = desk.get(page(draft, "names/")).context["add"]
    assert add["printed"].value() == "Republic of Albania"


def test_a_name_that_stands_in_the_text_is_left_out_for_a_reason_alone(desk: Client) -> None:
    draft = filled(desk)
    typed = {"do": "add", "version": version_of(draft, actions.NAMES), "printed": "Elsewhere"}
    desk.post(page(draft, "names/"), typed)
    belgium, other = draft.names.get(printed="Belgium"), draft.names.get(printed="Elsewhere")
    albania = draft.names.get(printed="Republic of Albania")
    sent = {
        "version": version_of(draft, actions.NAMES),
        f"code-{albania.pk}": "ALB",
        f"code-{belgium.pk}": "BEL",
        f"drop-{belgium.pk}": "on",
        f"drop-{other.pk}": "on",
    }
    silent = desk.post(page(draft, "names/"), sent)
    assert silent.status_code == 400
    assert list(silent.context["form"].errors) == [f"why-{belgium.pk}"]
    assert draft.names.count() == 3

    said = sent | {f"why-{belgium.pk}": "It took its name back."}
    assert desk.post(page(draft, "names/"), said).status_code == 302
    belgium.refresh_from_db()
    assert (belgium.member, belgium.left_out) == (None, "It took its name back.")
    assert not draft.names.filter(pk=other.pk).exists()
    assert "It took its name back." in desk.get(page(draft, "names/")).content.decode()
    assert not actions.lacks(draft)
    assert desk.post(page(draft, "preview/")).context["trial"].signatures == 1

    back = {"version": version_of(draft, actions.NAMES), f"code-{albania.pk}": "ALB"}
    assert desk.post(page(draft, "names/"), back).status_code == 302
    belgium.refresh_from_db()
    assert belgium.left_out == "" and actions.lacks(draft)


def test_of_two_members_that_a_name_may_mean_one_is_chosen(desk: Client) -> None:
    draft = begun(desk)
    desk.post(page(draft, "names/"), {"do": "add", "version": 0, "printed": "Austrlia"})
    (name,) = draft.names.all()
    field = desk.get(page(draft, "names/")).context["settle"].fields[f"best-{name.pk}"]
    codes = [code for code, _words in field.choices]
    assert set(codes) == {"AUS", "AUT", ""}
    assert all("spelt much like it" in words for code, words in field.choices if code)
    sent = {"version": version_of(draft, actions.NAMES), f"best-{name.pk}": "AUS"}
    odd = desk.post(page(draft, "names/"), sent | {f"best-{name.pk}": "BEL"})
    assert odd.status_code == 400
    two = desk.post(page(draft, "names/"), sent | {f"code-{name.pk}": "AUT"})
    assert two.status_code == 400 and f"code-{name.pk}" in two.context["form"].errors
    assert desk.post(page(draft, "names/"), sent).status_code == 302
    name.refresh_from_db()
    assert name.member is not None and name.member.code == "AUS"


def test_a_date_that_the_words_print_is_proposed(desk: Client) -> None:
    due = clause(divided(desk), "2")
    assert (due.due_on, due.due_precision, due.due_modality) == (
        dt.date(2031, 3, 31),
        "month",
        "firm",
    )
    assert clause(due.draft, "1").due_on is None


def test_what_a_clause_needs_is_not_called_optional(desk: Client) -> None:
    part = clause(divided(desk), "1")
    told = desk.get(page(part.draft, f"parts/{part.pk}/")).content.decode()
    for name in ("number", "section", "title", "kind", "duty"):
        label = told.split(f'<label for="id_{name}">')[1].split("</label>")[0]
        assert "optional" not in label, name
    assert "optional" in told.split('<label for="id_note">')[1].split("</label>")[0]
