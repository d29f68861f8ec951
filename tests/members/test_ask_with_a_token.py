"""A person makes a token, and a program asks the API with it: more often, and for nothing more."""

import datetime as dt
import logging
import re
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from members import actions
from members.events import broken_links
from members.models import ApiToken, Event, Member, Message, User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/tokens/"
ROWS, FILE = "/api/v1/members/", "/api/v1/exports/members.csv"
SENT = {"name": "a program", "scope": "rows", "days": "90"}


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()
    caches["process"].clear()


def made(by: User, name: str = "a program", scope: str = "rows", **facts: Any) -> str:
    """The secret of a new token of this person."""
    at = facts.get("at") or timezone.now()
    return actions.make_token(name, scope, 30, by=by, at=at)[1]


def ask(secret: str, path: str = ROWS, **headers: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {secret}", **headers})


def refused(secret: str) -> bool:
    """Whether the answer is the problem that a token which is no good gets."""
    answer = ask(secret)
    if answer.status_code != 401:
        return False
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
    assert answer["Cache-Control"] == "no-store"
    (fault,) = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("Authorization", "invalid_token")
    return True


# ---- made, shown once, revoked


def test_a_token_is_shown_once_and_only_its_hash_is_kept(client: Client, analyst: User) -> None:
    page = sign_in(client, analyst).post(PAGE, SENT).content.decode()
    (secret,) = re.findall(r"act_[0-9a-f]{8}_[\w-]{43}", page)
    token = ApiToken.objects.get()
    assert secret.startswith(token.prefix) and token.secret_hash == actions.hash_of(secret)
    assert token.expires_at - token.made_at == dt.timedelta(days=90)
    assert ask(secret).status_code == 200
    again = client.get(PAGE).content.decode()
    assert token.prefix in again and secret not in again and "a program" in again
    assert secret not in "".join(str(row) for row in ApiToken.objects.values())


def test_a_revoked_token_is_refused_at_once_and_all_is_an_event(
    client: Client, analyst: User
) -> None:
    secret = made(analyst)
    sign_in(client, analyst).post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/")
    assert refused(secret)
    client.post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/")  # twice changes nothing
    told = list(Event.objects.values_list("verb", "about", "detail__scope"))
    about = f"token:{ApiToken.objects.get().prefix}"
    assert told == [("API token made", about, "rows"), ("API token revoked", about, "rows")]
    assert broken_links("accounts") == []


@pytest.mark.parametrize(
    "bad", [{"name": ""}, {"scope": "all"}, {"days": "3650"}, {"days": "x"}, {"name": "x" * 61}]
)
def test_bad_input_is_named_and_makes_nothing(
    client: Client, analyst: User, bad: dict[str, str]
) -> None:
    answer = sign_in(client, analyst).post(PAGE, SENT | bad)
    assert answer.status_code == 400 and f"id_{next(iter(bad))}_error" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_names_are_used_once_and_five_are_enough(client: Client, analyst: User) -> None:
    for n in range(5):
        made(analyst, str(n))
    client = sign_in(client, analyst)
    for name, told in (("0", "a token of this name"), ("5", "five tokens already")):
        answer = client.post(PAGE, SENT | {"name": name})
        assert answer.status_code == 400 and told in answer.content.decode()
    assert ApiToken.objects.count() == 5


def test_another_persons_token_is_not_there(
    client: Client, analyst: User, focal_point: User
) -> None:
    made(analyst)
    answer = sign_in(client, focal_point).post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/")
    assert answer.status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_an_old_proof_makes_no_token(client: Client, analyst: User) -> None:
    session = sign_in(client, analyst).session
    steps = session["account_authentication_methods"]
    session["account_authentication_methods"] = [s | {"at": s["at"] - 3600} for s in steps]
    session.save()
    assert client.post(PAGE, SENT).status_code == 302
    assert not ApiToken.objects.exists()


# ---- what it opens


def test_it_changes_no_byte_and_goes_into_no_shared_cache(analyst: User) -> None:
    plain, mine = Client().get(ROWS), ask(made(analyst))
    assert mine.content == plain.content
    differs = {name for name in mine.headers if mine[name] != plain.headers.get(name)}
    assert differs == {"Cache-Control"} and set(plain.headers) == set(mine.headers)
    assert mine["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert plain["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert mine["Vary"] == "Accept-Encoding"


def test_who_holds_the_answer_is_told_304_and_who_may_not_ask_is_not(analyst: User) -> None:
    secret = made(analyst)
    etag = Client().get(ROWS)["ETag"]
    assert ask(secret, **{"If-None-Match": etag}).status_code == 304
    assert ask("act_00000000_wrong", **{"If-None-Match": etag}).status_code == 401


def test_it_is_no_session_and_opens_no_page(administrator: User, reviewer: User) -> None:
    for who in (administrator, reviewer):
        secret = made(who)
        for path in ("/secretariat/", "/reporting/", "/admin/", "/accounts/tokens/"):
            assert ask(secret, path)["Location"].startswith("/accounts/login/"), path


def test_one_for_rows_gets_no_whole_file(analyst: User) -> None:
    answer = ask(made(analyst), FILE)
    assert answer.status_code == 403
    said = 'Bearer realm="api", error="insufficient_scope", scope="files"'
    assert answer["WWW-Authenticate"] == said
    assert ask(made(analyst, "files", "files"), FILE).status_code == 200


# ---- when it opens nothing


def test_a_wrong_token_is_refused_and_a_foreign_scheme_is_not_ours(analyst: User) -> None:
    secret = made(analyst)
    for wrong in ("", "act_", secret[:-1], secret.upper(), ApiToken.objects.get().secret_hash):
        assert refused(wrong), wrong
    assert Client().get(ROWS, headers={"Authorization": "Basic eA=="}).status_code == 200
    assert Client().get(f"{ROWS}?token={secret}").status_code == 400


def test_an_expired_token_is_refused(analyst: User) -> None:
    assert refused(made(analyst, at=timezone.now() - dt.timedelta(days=30)))


def test_a_disabled_persons_tokens_are_revoked(analyst: User, administrator: User) -> None:
    secret = made(analyst)
    actions.disable(analyst, by=administrator, at=timezone.now())
    assert refused(secret)
    actions.enable(analyst, by=administrator, at=timezone.now())
    assert refused(secret), "whoever took the account over may have made it"


def test_the_secretariat_revokes_all_of_a_person(
    client: Client, analyst: User, editor: User
) -> None:
    secret = made(analyst)
    assert "Revoke all API tokens" in (
        sign_in(client, editor).get(f"/secretariat/people/{analyst.pk}/").content.decode()
    )
    client.post(f"/secretariat/people/{analyst.pk}/tokens/")
    assert refused(secret)
    assert Event.objects.get(verb="API token revoked").actor == editor


def test_a_frozen_members_tokens_rest_and_come_back(
    focal_point: User, member: Member, editor: User
) -> None:
    secret = made(focal_point)
    freeze = actions.freeze(member, "A dispute.", by=editor, at=timezone.now())
    assert refused(secret)
    actions.unfreeze(freeze, by=editor, at=timezone.now())
    assert ask(secret).status_code == 200


def test_a_token_ends_with_the_last_role(analyst: User, editor: User) -> None:
    secret = made(analyst)
    actions.end_role(analyst.roles.get(), by=editor, at=timezone.now())
    assert refused(secret)


def test_guessing_is_stopped(analyst: User) -> None:
    secret = made(analyst)
    for _ in range(20):
        assert ask("act_00000000_guess").status_code == 401
    answer = ask(secret)
    assert answer.status_code == 429 and int(answer["Retry-After"]) <= 60
    assert Client().get(ROWS).status_code == 200, "without a token all is as it was"


# ---- limits, last use, traces


def test_a_token_is_counted_by_itself_and_may_ask_more_often(analyst: User, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE, settings.API_TOKEN_REQUESTS_PER_MINUTE = 1, 3
    secret = made(analyst)
    assert [Client().get(ROWS).status_code for _ in range(2)] == [200, 429]
    answers = [ask(secret) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"minute";q=3;w=60'


def test_the_last_use_is_written_once_an_hour(
    analyst: User, django_assert_num_queries: Any
) -> None:
    secret = made(analyst)
    ask(secret)
    first = ApiToken.objects.get().used_at
    assert first is not None
    ask(secret)
    assert ApiToken.objects.get().used_at == first
    ApiToken.objects.update(used_at=first - dt.timedelta(hours=1))
    ask(secret)
    assert ApiToken.objects.get().used_at >= first


def test_token_leakage_into_logs_mails_events_and_sessions(
    client: Client, analyst: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = sign_in(client, analyst).post(PAGE, SENT).content.decode()
    (secret,) = re.findall(r"act_[0-9a-f]{8}_[\w-]{43}", page)
    tail = secret.rsplit("_", 1)[-1]
    ask(secret)
    ask(secret + "x")
    ask(secret, "/api/v1/nothing/")
    logged = "".join(f"{record.msg}{record.args}" for record in caplog.records)
    assert "api/v1/members/" in logged
    kept = [*Message.objects.values(), *Event.objects.values(), dict(client.session.items())]
    assert tail not in logged + "".join(map(str, kept))
