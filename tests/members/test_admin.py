"""Editors keep reference data in the admin; history, states and printed words stay as they are."""

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment, Signature
from members import actions
from members.admin import site
from members.models import Event, Member, Message, Name, User
from reporting.models import Report
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


def test_rows_that_never_came_are_not_drawn(client: Client, editor: User, member: Member) -> None:
    sign_in(client, editor)
    path = f"/admin/members/member/{member.pk}/change/"
    form = sent(client.get(path), note="A note.") | {"names-TOTAL_FORMS": "2147483647"}
    page = client.post(path, form)
    assert page.status_code == 200
    assert "names-99-text" in page.content.decode()
    assert "names-100-text" not in page.content.decode()
    member.refresh_from_db()
    assert member.note != "A note."


def test_an_editor_adds_a_dated_name_and_a_note(
    client: Client, editor: User, member: Member
) -> None:
    sign_in(client, editor)
    path = f"/admin/members/member/{member.pk}/change/"
    form = sent(client.get(path), note="A note.")
    total = int(form["names-TOTAL_FORMS"])
    form |= {
        "names-TOTAL_FORMS": str(total + 1),
        f"names-{total}-text": "A later name",
        f"names-{total}-source": "letter of the member",
        f"names-{total}-since": "2026-01-01",
        f"names-{total}-member": str(member.pk),
    }
    answer = client.post(path, form)
    assert answer.status_code == 302, answer.context["errors"]
    member.refresh_from_db()
    assert member.note == "A note."
    assert member.names.filter(text="A later name", statement="").exists()


def test_a_code_typed_by_force_is_ignored(client: Client, editor: User, member: Member) -> None:
    sign_in(client, editor)
    path = f"/admin/members/member/{member.pk}/change/"
    forged = {"code": "XXX", "kind": "private_sector", "names-0-text": "forged"}
    client.post(path, sent(client.get(path), **forged))
    member.refresh_from_db()
    assert (member.code, member.kind) == ("ALB", Member.Kind.GOVERNMENT)
    assert not member.names.filter(text="forged").exists()


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


def test_a_withdrawal_is_entered_and_the_printed_name_stays(client: Client, editor: User) -> None:
    signature = Signature.objects.first()
    path = f"/admin/commitments/signature/{signature.pk}/change/"
    sign_in(client, editor)
    typed = {"withdrawn_on": "2026-02-01", "withdrawal_source": "a letter", "name": "1"}
    assert client.post(path, sent(client.get(path), **typed)).status_code == 302
    after = Signature.objects.get(pk=signature.pk)
    assert (str(after.withdrawn_on), after.name_id) == ("2026-02-01", signature.name_id)


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
