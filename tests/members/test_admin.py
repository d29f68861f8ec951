"""Editors keep reference data in the admin; history, states and printed words stay as they are."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client, RequestFactory
from django.utils import timezone

from commitments.models import Commitment, Signature, Theme
from members import actions
from members.admin import site
from members.models import Event, Group, Member, Message, Name, User
from reporting.models import Milestone, Report
from tests.access.world import World, world
from tests.cast import sign_in

__all__ = ["world"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(world: World) -> User:
    return world["editor"]


@pytest.fixture
def administrator(world: World) -> User:
    return world["administrator"]


def sent(page, **changes: str) -> dict[str, str]:
    """What the browser would send for this form, with some fields typed over."""
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    fields = [field for form in forms for field in form]
    data = {f.html_name: "" if f.value() is None else str(f.value()) for f in fields}
    return data | changes


def page_of(row: Model) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_rows_that_never_came_are_not_drawn(client: Client, editor: User) -> None:
    sign_in(client, editor)
    clause = Commitment.objects.get(reference="2012-T1")
    title = clause.title
    page = client.get(page_of(clause))
    [rows] = [one.formset.prefix for one in page.context["inline_admin_formsets"]]
    form = sent(page, title="Ours") | {f"{rows}-TOTAL_FORMS": "2147483647"}
    page = client.post(page_of(clause), form)
    assert page.status_code == 200
    assert f"{rows}-99-theme" in page.content.decode()
    assert f"{rows}-100-theme" not in page.content.decode()
    assert Commitment.objects.get(pk=clause.pk).title == title


KEPT_AT_THE_DESK = [
    (Member, {"joined_on": "2020-01-01", "left_on": "2024-01-01", "note": "x", "code": "XXX"}),
    (Name, {"text": "forged", "source": "x", "since": "2026-01-01"}),
    (Signature, {"withdrawn_on": "2026-02-01", "withdrawal_source": "x", "source_note": "x"}),
]


@pytest.mark.parametrize("who", ["editor", "administrator"])
@pytest.mark.parametrize(("model", "typed"), KEPT_AT_THE_DESK)
def test_what_the_desk_keeps_cannot_be_changed_here(
    client: Client, world: World, who: str, model: type[Model], typed: dict[str, str]
) -> None:
    sign_in(client, world[who])
    row = model._default_manager.first()
    assert row is not None
    before = model._default_manager.filter(pk=row.pk).values().get()
    names = {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "names-0-text": "forged"}
    assert client.get(page_of(row)).status_code == 200
    assert client.post(page_of(row), typed | names | {"_save": "Save"}).status_code == 403
    assert client.post(page_of(row).replace(f"{row.pk}/change", "add"), typed).status_code == 403
    assert model._default_manager.filter(pk=row.pk).values().get() == before
    assert not Name.objects.filter(text="forged").exists()


def test_no_page_of_the_admin_changes_a_row_whose_history_is_kept(
    administrator: User, rf: RequestFactory
) -> None:
    """Such a row is changed by an action, which says who it was; not by a form without one."""
    request = rf.get("/admin/")
    request.user = administrator
    for page in site._registry.values():
        for part in [page, *page.get_inline_instances(request)]:
            if hasattr(part.model, "pgh_event_model"):
                may = [part.has_add_permission(request), part.has_change_permission(request)]
                assert may == [False, False], f"{part.model.__name__} on {page}"
    kept = {model for model in apps.get_models() if hasattr(model, "pgh_event_model")}
    assert {Member, Name, Signature} <= kept
    open_ones = {model.__name__: page.editable for model, page in site._registry.items()}
    assert {name for name, editable in open_ones.items() if editable} == {
        *("Group", "Commitment", "Theme", "Milestone", "Indicator")
    }


def test_a_member_in_the_admin_leads_to_its_record(
    client: Client, editor: User, member: Member
) -> None:
    sign_in(client, editor)
    for path in ("/admin/members/member/", page_of(member)):
        assert 'href="/secretariat/members/ALB/"' in client.get(path).content.decode()


def test_what_can_be_changed_says_who_changed_it(client: Client, editor: User) -> None:
    sign_in(client, editor)
    group = Group.objects.get(code="taskforce")
    before = group.name
    assert (
        client.post(page_of(group), sent(client.get(page_of(group)), name="TF")).status_code == 302
    )
    event = Event.objects.get(chain="reference data")
    assert (event.verb, event.actor, event.about) == (
        *("changed in the admin", editor, "group:taskforce"),
    )
    assert event.detail == {"changed": {"name": [before, "TF"]}}
    milestone = Milestone.objects.filter(plan=None).values("kind", "relative_to", "reaches")[0]
    facts = milestone | {"kind": "in_between", "offset_days": "33"}
    answer = client.post("/admin/reporting/milestone/add/", facts)
    assert answer.status_code == 302, answer.context["errors"]
    event = Event.objects.get(chain="reference data", number=2)
    assert (event.verb, event.actor) == ("added in the admin", editor)
    assert event.detail["changed"]["offset_days"] == ["", "33"]
    again = client.post("/admin/reporting/milestone/add/", facts)
    assert "kind" in again.context["adminform"].form.errors


def test_of_two_editors_the_later_is_told_of_the_other(
    client: Client, editor: User, administrator: User
) -> None:
    clause = Commitment.objects.get(reference="2012-T1")
    other = sign_in(Client(), administrator)
    sign_in(client, editor)
    for typed, field in (("Theirs", "title"), ("Again", "source_note")):
        mine, theirs = sent(client.get(page_of(clause)), title="Mine"), other.get(page_of(clause))
        assert other.post(page_of(clause), sent(theirs, **{field: typed})).status_code == 302
        answer = client.post(page_of(clause), mine)
        assert answer.status_code == 200
        assert "Somebody has changed this" in answer.content.decode()
        assert getattr(Commitment.objects.get(pk=clause.pk), field) == typed
    held = clause.themes.through.objects.filter(commitment=clause)  # type: ignore[attr-defined]
    mine = sent(client.get(page_of(clause)), title="Mine")
    held.filter(pk=held.first().pk).update(theme=Theme.objects.exclude(commitments=clause).first())
    assert "Somebody has changed this" in client.post(page_of(clause), mine).content.decode()


def test_nothing_can_be_deleted(client: Client, administrator: User, member: Member) -> None:
    sign_in(client, administrator)
    for model in site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.first()
        if row is not None:
            assert client.post(f"{place}{row.pk}/delete/", {"post": "yes"}).status_code == 403
            chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
            client.post(place, chosen)
            assert model._default_manager.filter(pk=row.pk).exists()


def test_states_events_and_mails_cannot_be_changed(client: Client, world: World) -> None:
    sign_in(client, world["administrator"])
    for model, forged in [
        (Report, {"state": "published"}),
        (Event, {"verb": "forged"}),
        (Message, {"body": "forged", "to": "x@cast.example"}),
        (Name, {"text": "corrected"}),
    ]:
        row = model.objects.first()
        before = model.objects.filter(pk=row.pk).values().get()
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
        assert client.get(place).status_code == 200
        assert client.post(place, forged).status_code == 403
        assert model.objects.filter(pk=row.pk).values().get() == before


def test_a_printed_wording_is_not_corrected(client: Client, editor: User) -> None:
    clause = Commitment.objects.get(reference="2012-T1")
    path = f"/admin/commitments/commitment/{clause.pk}/change/"
    sign_in(client, editor)
    form = sent(client.get(path), title="Our own words", text="forged", lead_in="forged")
    assert client.post(path, form).status_code == 302
    after = Commitment.objects.get(pk=clause.pk)
    assert (after.title, after.text, after.lead_in) == (
        "Our own words",
        clause.text,
        clause.lead_in,
    )


def test_a_link_in_a_mail_is_not_shown_to_staff(
    client: Client, administrator: User, member: Member
) -> None:
    actions.invite("i@cast.example", "analyst", None, by=administrator, at=timezone.now())
    message = Message.objects.get(to="i@cast.example")
    page = sign_in(client, administrator).get(f"/admin/members/message/{message.pk}/change/")
    assert page.status_code == 200
    assert "/invitations/" not in page.content.decode()


def test_every_page_of_the_admin_opens_without_inline_script(client: Client, world: World) -> None:
    sign_in(client, world["editor"])
    for model in site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.first()
        for path in [place, *([f"{place}{row.pk}/change/"] if row else [])]:
            page = client.get(path)
            assert page.status_code == 200, path
            html = page.content.decode()
            assert "onclick=" not in html
            assert "<script>" not in html


def test_models_of_libraries_have_no_page(client: Client, administrator: User) -> None:
    sign_in(client, administrator)
    for app in ("account", "mfa", "usersessions", "auth"):
        for model in apps.get_app_config(app).get_models():
            assert client.get(f"/admin/{app}/{model._meta.model_name}/").status_code == 404


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/members/member/"])
def test_a_visitor_is_sent_to_the_one_sign_in_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")
