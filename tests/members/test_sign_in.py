"""A person signs in with e-mail address and password, and out again."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from members.models import Message, Role, User
from tests.cast import PASSWORD, sign_in

LOGIN = "/accounts/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet() -> None:
    cache.clear()


def enter(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_each_is_led_to_where_the_work_waits(
    client: Client, focal_point: User, reviewer: User, analyst: User
) -> None:
    first = "/accounts/second-factor/"  # whoever may write sets one up before anything else
    for person, home in [(focal_point, first), (reviewer, first), (analyst, "/")]:
        answer = enter(client, person.email)
        assert (answer.status_code, answer["Location"]) == (302, home)
        client.logout()


def test_the_address_may_be_typed_in_capitals(client: Client, analyst: User) -> None:
    assert enter(client, analyst.email.upper()).status_code == 302


def test_the_short_address_leads_to_the_page_and_keeps_the_way(client: Client) -> None:
    answer = client.get("/sign-in/?next=/reporting/")
    assert answer["Location"] == "/accounts/login/?next=%2Freporting%2F"


def test_going_on_to_where_one_wanted(client: Client, focal_point: User) -> None:
    assert enter(client, focal_point.email, next="/accounts/")["Location"] == "/accounts/"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_open_redirect_is_refused(client: Client, analyst: User, target: str) -> None:
    assert enter(client, analyst.email, next=target)["Location"] == "/"
    client.logout()
    assert "evil" not in client.get("/sign-in/", {"next": target})["Location"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, analyst: User
) -> None:
    def said(email: str) -> str:
        page = enter(client, email, "not the right one at all").content.decode()
        return page.replace(email, "").split("csrfmiddlewaretoken")[0]

    assert said(analyst.email) == said("nobody-known@cast.example")


def test_a_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(
    client: Client, analyst: User
) -> None:
    known = client.post("/accounts/password/reset/", {"email": analyst.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody-known@cast.example"})
    assert known.status_code == unknown.status_code
    assert known.headers == unknown.headers
    assert [m.to for m in Message.objects.all()] == [analyst.email]


def test_a_reset_link_starts_with_the_site_and_not_with_the_request(
    client: Client, analyst: User, settings
) -> None:
    settings.SITE_URL = "https://tracker.example"
    settings.ALLOWED_HOSTS = ["evil.example"]
    client.post("/accounts/password/reset/", {"email": analyst.email}, HTTP_HOST="evil.example")
    body = Message.objects.get().body
    assert "https://tracker.example/accounts/password/reset/key/" in body
    assert "evil.example" not in body


def test_a_new_password_is_set_by_the_link_once(client: Client, analyst: User, settings) -> None:
    client.post("/accounts/password/reset/", {"email": analyst.email})
    link = Message.objects.get().body.split(settings.SITE_URL)[1].split()[0]
    form = client.get(link)["Location"]
    new = "quite another sentence"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert enter(client, analyst.email, new).status_code == 302
    client.logout()
    assert "does not work any more" in client.get(link, follow=True).content.decode()


def test_session_fixation_the_key_changes_with_the_sign_in(client: Client, analyst: User) -> None:
    session = client.session
    session["before"] = "known to an attacker"
    session.save()
    before = client.cookies["sessionid"].value
    enter(client, analyst.email)
    assert client.cookies["sessionid"].value != before


def test_a_disabled_person_is_out_at_the_next_request(client: Client, focal_point: User) -> None:
    sign_in(client, focal_point)
    assert client.get("/accounts/").status_code == 200
    User.objects.filter(pk=focal_point.pk).update(is_active=False)
    assert client.get("/accounts/").status_code == 302


def test_a_disabled_person_cannot_sign_in(client: Client, disabled: User) -> None:
    enter(client, disabled.email)
    assert client.get("/accounts/").status_code == 302


def test_an_ended_role_loses_its_rights_at_once(client: Client, editor: User) -> None:
    sign_in(client, editor)
    assert client.get("/secretariat/people/").status_code == 200
    editor.roles.update(until=dt.datetime.now(dt.UTC).date())
    assert client.get("/secretariat/people/").status_code == 403


def test_a_role_that_begins_tomorrow_gives_no_right_today(client: Client, analyst: User) -> None:
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    Role.objects.create(user=analyst, kind=Role.Kind.EDITOR, since=tomorrow)
    assert sign_in(client, analyst).get("/secretariat/people/").status_code == 403


def test_guessing_passwords_is_stopped_after_five(client: Client, analyst: User) -> None:
    for _ in range(5):
        enter(client, analyst.email, "a wrong guess of mine")
    assert enter(client, analyst.email).status_code == 200  # the right one, too late
    assert client.get("/accounts/").status_code == 302


def test_a_spoofed_forwarding_header_does_not_reset_the_count(
    client: Client, analyst: User
) -> None:
    for n in range(30):
        guess = {"login": f"somebody{n}@cast.example", "password": "a wrong guess of mine"}
        client.post(LOGIN, guess, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}")
    right = {"login": analyst.email, "password": PASSWORD}
    client.post(LOGIN, right, HTTP_X_FORWARDED_FOR="192.0.2.99")
    assert client.get("/accounts/").status_code == 302


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "social/connections/"])
def test_pages_of_the_library_that_we_do_not_use_do_not_answer(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_signing_out_takes_a_post(client: Client, analyst: User) -> None:
    sign_in(client, analyst)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302


def test_a_person_changes_name_and_time_zone(client: Client, analyst: User) -> None:
    sign_in(client, analyst)
    page = client.post("/accounts/", {"name": "", "time_zone": "Europe/Moon"})
    assert page.status_code == 400
    assert "There is a problem" in page.content.decode()
    client.post("/accounts/", {"name": "another name", "time_zone": "Europe/Rome"})
    analyst.refresh_from_db()
    assert (analyst.name, analyst.time_zone) == ("another name", "Europe/Rome")


def test_a_person_cannot_raise_itself_by_extra_fields(client: Client, analyst: User) -> None:
    extra = {"is_demonstration": "on", "is_active": "", "email": "x@cast.example"}
    sign_in(client, analyst).post("/accounts/", {"name": "n", "time_zone": "UTC", **extra})
    email = analyst.email
    analyst.refresh_from_db()
    assert (analyst.email, analyst.is_active, analyst.is_demonstration) == (email, True, False)


@pytest.mark.parametrize(
    "path",
    [
        *("login/", "password/reset/", "password/reset/done/", "password/reset/key/done/"),
        *("password/reset/key/3-wrong/", "inactive/"),
    ],
)
def test_pages_of_the_doors_are_ours(client: Client, path: str) -> None:
    page = client.get(f"/accounts/{path}")
    assert page.status_code == 200
    assert '<main id="main"' in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *("", "logout/", "reauthenticate/", "sessions/", "password/change/", "second-factor/"),
        *("second-factor/totp/activate/",),
    ],
)
def test_pages_of_the_account_are_ours(client: Client, focal_point: User, path: str) -> None:
    page = sign_in(client, focal_point).get(f"/accounts/{path}")
    assert page.status_code == 200
    assert '<main id="main"' in page.content.decode()


def test_a_refused_sign_in_names_the_two_fields(client: Client, analyst: User) -> None:
    page = enter(client, analyst.email, "wrong").content.decode()
    assert "This E-mail address and this password do not belong together." in page
    assert "specified" not in page


def test_a_form_that_is_too_old_is_refused_on_a_page_of_the_site() -> None:
    page = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "typed@cast.example"})
    html = page.content.decode()
    assert page.status_code == 403
    assert '<header class="mast">' in html
    assert "one box for each field of the form" in html
    assert "typed@cast.example" in html


def test_the_skip_link_leads_to_a_place_that_takes_the_focus(client: Client) -> None:
    html = client.get(LOGIN).content.decode()
    assert 'href="#main"' in html
    assert '<main id="main" tabindex="-1"' in html


def test_a_sign_in_from_a_new_browser_is_told_by_mail_once(client: Client, analyst: User) -> None:
    def told() -> int:
        return Message.objects.filter(subject="Signed in from a new browser").count()

    User.objects.filter(pk=analyst.pk).update(time_zone="Asia/Kolkata")
    enter(client, analyst.email)
    assert told() == 1
    message = Message.objects.latest("pk")
    assert (message.to, message.kind, message.person) == (analyst.email, "account", analyst)
    assert "write to the secretariat at once" in message.body
    assert "(IST), from the network address" in message.body, "in the person's own time zone"
    client.post("/accounts/logout/")
    enter(client, analyst.email)
    assert told() == 1, "this browser is known"
    enter(Client(headers={"user-agent": "Another"}), analyst.email)
    assert told() == 2 and "Another" in Message.objects.latest("pk").body


@pytest.mark.parametrize("cookie", ["", "x", "a.b:c:d", "\x00"])
def test_a_forged_memory_of_browsers_counts_as_none(
    cookie: str, client: Client, analyst: User
) -> None:
    client.cookies["devices"] = cookie
    assert enter(client, analyst.email).status_code == 302
    assert Message.objects.filter(subject="Signed in from a new browser").count() == 1


def test_two_people_share_a_browser_without_being_told_each_time(
    client: Client, analyst: User, editor: User
) -> None:
    for person in (analyst, editor, analyst, editor):
        enter(client, person.email)
        client.post("/accounts/logout/")
    assert Message.objects.filter(subject="Signed in from a new browser").count() == 2


def test_a_failed_sign_in_tells_nobody(client: Client, analyst: User) -> None:
    enter(client, analyst.email, "not the password")
    assert not Message.objects.exists()
