"""Every threat to accounts and the desk, by its name, with the tests that show it closed.

The last ones of the list stand here themselves. A test that is renamed or dropped fails here.
"""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from kombu import Connection, Exchange, Queue
from kombu.exceptions import ContentDisallowed

from alliance.celery import app
from members.models import User
from tests.access.world import World, world
from tests.cast import sign_in

__all__ = ["world"]
pytestmark = pytest.mark.django_db
TESTS = Path(__file__).resolve().parents[1]
# The threat, and the tests: file and name.
CLOSED = {
    "IDOR across members": [
        "access/test_threats.py::test_idor_across_members",
        "access/test_routes.py::test_each_of_the_cast_gets_the_declared_answer",
    ],
    "a forgotten URL": [
        "access/test_routes.py::test_every_route_is_declared_for_get_and_post",
        "access/test_every_url.py::test_a_view_without_a_rule_is_refused_even_to_an_administrator",
    ],
    "method confusion": [
        "access/test_forged_requests.py::test_methods_that_no_page_takes_change_nothing"
    ],
    "mass assignment": [
        "members/test_threats_to_accounts.py::"
        "test_mass_assignment_in_ones_own_account_changes_what_the_form_shows_alone",
        "members/test_threats_to_accounts.py::"
        "test_mass_assignment_in_an_invitation_gives_what_was_offered_alone",
        "reporting/test_write_an_answer.py::test_a_field_that_answers_do_not_have_is_refused",
    ],
    "a skipped workflow step": [
        "reporting/test_workflow.py::"
        "test_a_move_is_made_by_whom_and_when_the_table_says_and_changes_nothing_otherwise",
        "reporting/test_workflow.py::test_the_database_refuses_a_move_that_is_not_in_the_table",
    ],
    "reviewing one's own report": [
        "reporting/test_workflow.py::"
        "test_whoever_represents_the_member_never_reviews_or_publishes_its_report"
    ],
    "a draft leaks": [
        "reporting/test_unpublished_words_stay_in.py::"
        "test_a_word_that_is_not_published_leaves_the_database_nowhere",
        "worlds/test_two_worlds_of_pages.py::test_the_walk_catches",
        "worlds/test_two_worlds_of_data.py::test_the_walk_catches",
    ],
    "stored XSS through Markdown and names": [
        "reporting/test_show_a_narrative.py::test_no_typed_text_yields_another_tag",
        "access/test_threats.py::test_stored_xss_through_a_name",
    ],
    "formula injection": [
        "opendata/test_nasty_text.py::test_no_cell_of_a_csv_file_begins_as_a_formula",
        "reporting/test_write_offline.py::test_text_that_looks_like_a_formula_stays_text",
    ],
    "zip bombs and XXE in a returned workbook": [
        "reporting/test_bring_back_a_bad_workbook.py::test_a_hostile_workbook_is_refused_in_words",
        "reporting/test_bring_back_a_bad_workbook.py::"
        "test_nothing_is_ever_unpacked_beyond_what_the_file_declares",
    ],
    "SSRF": [
        "reporting/test_write_an_answer.py::test_an_evidence_link_leads_to_a_public_site_by_name"
    ],
    "look-alike and bidi text": [
        "members/test_text.py::test_a_character_that_hides_or_breaks_is_refused_and_named",
        "members/test_text.py::test_two_spellings_of_one_letter_are_stored_as_one",
    ],
    "CSRF, and a write on GET": [
        "access/test_forged_requests.py::"
        "test_a_post_without_our_token_is_refused_and_changes_nothing",
        "access/test_routes.py::test_each_of_the_cast_gets_the_declared_answer",
    ],
    "clickjacking": ["access/test_threats.py::test_clickjacking"],
    "session fixation and theft": [
        "members/test_sign_in.py::test_session_fixation_the_key_changes_with_the_sign_in",
        "members/test_threats_to_accounts.py::"
        "test_a_stolen_session_gives_no_grave_step_once_the_proof_is_old",
    ],
    "use after rights were withdrawn": [
        "members/test_sign_in.py::test_an_ended_role_loses_its_rights_at_once",
        "members/test_sign_in.py::test_a_disabled_person_is_out_at_the_next_request",
        "members/test_freeze_a_member.py::test_who_is_signed_in_is_stopped_at_the_next_request",
        "members/test_ask_with_a_token.py::test_a_frozen_members_tokens_rest_and_come_back",
        "reporting/test_keep_a_calendar.py::test_a_frozen_members_calendars_stop_and_come_back",
    ],
    "brute force with a spoofed X-Forwarded-For": [
        "members/test_sign_in.py::test_a_spoofed_forwarding_header_does_not_reset_the_count",
        "members/test_threats_to_accounts.py::test_brute_force_of_the_second_step_is_stopped",
    ],
    "account enumeration": [
        "members/test_sign_in.py::test_a_wrong_password_and_an_unknown_address_get_the_same_answer",
        "members/test_sign_in.py::"
        "test_a_reset_for_an_unknown_address_looks_the_same_and_sends_nothing",
    ],
    "a stolen mailbox": [
        "members/test_second_factor.py::test_a_stolen_mailbox_does_not_open_the_account",
        "members/test_second_factor.py::test_submitting_publishing_and_roles_ask_for_a_fresh_one",
    ],
    "Host-header poisoning": [
        "alliance/test_strange_requests.py::test_a_foreign_host_is_refused_everywhere",
        "members/test_sign_in.py::test_a_reset_link_starts_with_the_site_and_not_with_the_request",
    ],
    "open redirect": ["members/test_sign_in.py::test_open_redirect_is_refused"],
    "header and log injection": [
        "members/test_send_mail.py::test_no_header_can_be_slipped_in",
        "access/test_threats.py::test_log_injection_through_an_address",
    ],
    "token leakage": [
        "members/test_ask_with_a_token.py::test_token_leakage_into_logs_mails_events_and_sessions",
        "members/test_ask_with_a_token.py::test_a_token_is_shown_once_and_only_its_hash_is_kept",
    ],
    "default secrets": ["alliance/test_start_in_production.py::test_an_unsafe_one_does_not"],
    "expensive queries": [
        "reporting/test_ask_too_much.py::"
        "test_no_stranger_fills_the_store_with_texts_kept_before_sign_in",
        "access/test_threats.py::test_expensive_queries",
    ],
    "CORS": ["access/test_threats.py::test_cors_opens_the_api_alone"],
    "hostile Celery messages": ["access/test_threats.py::test_hostile_celery_messages"],
}


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_threat_has_a_test_that_is_there() -> None:
    named = [test.split("::") for tests in CLOSED.values() for test in tests]
    assert all(CLOSED.values())
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


def test_idor_across_members(client: Client, world: World) -> None:
    """Another member's focal point, with the right address, finds nothing there."""
    sign_in(client, world["outsider"])
    draft = world["draft"]
    for path in ("", "check/", "people/", "preview/"):
        for ask in (client.get, client.post):
            status = ask(f"/reporting/{draft}/{path}").status_code
            assert status in (404, 405), path
    own = sign_in(client, world["focal_point"]).get(f"/reporting/{draft}/")
    assert own.status_code == 200


def test_stored_xss_through_a_name(client: Client, world: World) -> None:
    analyst = world["analyst"]
    User.objects.filter(pk=analyst.pk).update(name="<script>alert(1)</script>")
    for path in ("/secretariat/people/", f"/secretariat/people/{analyst.pk}/"):
        page = sign_in(client, world["editor"]).get(path).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_clickjacking(client: Client, world: World) -> None:
    sign_in(client, world["administrator"])
    for path in ("/accounts/login/", "/secretariat/", "/secretariat/erasures/", "/nowhere/", "/"):
        answer = client.get(path)
        assert answer["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path


def test_log_injection_through_an_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    client.get(
        "/members/ALB%0a{forged}/", headers={"User-Agent": "forged", "X-Request-ID": "forged"}
    )
    lines = [str(record.msg) for record in caplog.records if record.name == "alliance.requests"]
    assert lines and not any("forged" in line for line in lines)


def test_expensive_queries(client: Client) -> None:
    """More than a page holds is refused before anything is read."""
    for query in ("page_size=1001", "page_size=99999", "q=" + "x" * 201):
        assert client.get(f"/api/v1/commitments/?{query}").status_code == 400, query


def test_cors_opens_the_api_alone(client: Client, world: World) -> None:
    sent = {"Origin": "https://evil.example"}
    api = client.get("/api/v1/members/", headers=sent)
    assert api["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in api.headers
    sign_in(client, world["focal_point"])
    for path in ("/reporting/", "/accounts/", "/accounts/tokens/", "/"):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers=sent).headers, path


def test_hostile_celery_messages() -> None:
    """A pickled message is refused before it is opened, whatever it would do."""
    queue = Queue("hostile", Exchange("hostile"), "hostile")
    with Connection("memory://") as broker:
        producer = broker.Producer(serializer="pickle")
        producer.publish({"id": 1}, exchange=queue.exchange, routing_key="hostile", declare=[queue])
        message = queue(broker.channel()).get(accept=app.conf.accept_content)
        assert message is not None
        with pytest.raises(ContentDisallowed):
            message.decode()
