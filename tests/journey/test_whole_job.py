"""The whole main job over HTTP: from the first invitation to the figures that analysts read.

Everything is real: PostgreSQL, gunicorn, a Celery worker with beat, SMTP. Nobody reaches into
the running site; only the dates of the round are set beforehand, so that it is open today.
"""

import email
import email.policy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from tests.database import cloned
from tests.journey.browser import Browser
from tests.site import ROOT, Site, started, wait_for

pytestmark = pytest.mark.xdist_group("run_all")

MEMBER, ROUND = "KWT", "2026"
REPORT = f"{ROUND}-{MEMBER}"
PASSWORD = "five grey herons over water"
CODES: dict[str, list[str]] = {}  # the recovery codes of each person, as they keep them
OPEN_TODAY = """
import datetime as dt
from reporting.models import Cycle
day, days = dt.datetime.now(dt.UTC).date(), dt.timedelta
Cycle.objects.filter(code="2026").update(
    opens_on=day - days(30), due_on=day + days(20), closes_on=day + days(200)
)
"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """On a migrated database: that a site begins from nothing is seen in test_run_all.py."""
    state = Path(tempfile.mkdtemp(prefix="alliance-journey-"))
    often = {"OUTBOX_EVERY_SECONDS": "1", "PLAN_EVERY_SECONDS": "5"}
    with cloned() as database:
        monkeypatch.setenv("DATABASE_URL", database.url)
        with started(state, DATABASE_URL=database.url, **often) as site:
            command(site, "shell", "--no-imports", "-c", OPEN_TODAY)
            yield site
    shutil.rmtree(state, ignore_errors=True)


def command(site: Site, *words: str) -> str:
    """What a command of manage.py prints, run beside the site and on its data."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        env={name: os.environ[name] for name in ("PATH", "DATABASE_URL")}
        | {"STATE_DIR": str(site.state), "DEMO": "0", "SITE_URL": address(site)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def address(site: Site) -> str:
    return f"http://localhost:{site.port}"


def mails(site: Site, to: str) -> list[email.message.EmailMessage]:
    kept = sorted((site.state / "mail").glob("*.eml"))
    read = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in kept]
    return [mail for mail in read if mail["To"] == to]


def mail_about(site: Site, to: str, words: str, seconds: int = 100) -> str:
    """The text of the mail to this address that speaks of `words`, once it has come."""
    texts: list[str] = []

    def has_come() -> bool:
        texts[:] = [
            f"{m['Subject']}\n{m.get_body(('plain',)).get_content()}" for m in mails(site, to)
        ]
        return any(words in text for text in texts)

    assert wait_for(has_come, seconds), (to, words, texts)
    return next(text for text in texts if words in text)


def join(site: Site, address_of_person: str, name: str) -> Browser:
    """The browser of an invited person who has followed the link and set up a second factor."""
    text = mail_about(site, address_of_person, "/invitations/")
    link = re.search(r"http://\S+/invitations/\S+", text)
    assert link is not None
    browser = Browser(address(site)).open(urlparse(link.group()).path)
    browser.submit(name=name, password=PASSWORD, time_zone="UTC")
    assert urlparse(browser.url).path == "/accounts/second-factor/", browser.text
    browser.open("/accounts/second-factor/totp/activate/")
    key = re.search(r"<code>(\w+)</code>", browser.text)
    assert key is not None, browser.text
    browser.submit(code=code_now(key.group(1)))
    CODES[address_of_person] = re.findall(r"<code>(\d+)</code>", browser.text)
    assert CODES[address_of_person], browser.text
    return browser


def code_now(key: str) -> str:
    """What an authenticator app shows for this key."""
    return format_hotp_value(hotp_value(key, next(yield_hotp_counters_from_time())))


def invite(browser: Browser, to: str, kind: str, member: str = "") -> None:
    browser.open("/secretariat/people/invite/")
    letter = {
        "nominated_by": "The ministry",
        "nominated_on": "2026-01-05",
        "nomination": "Letter 1",
    }
    browser.submit("", email=to, kind=kind, member=member, **letter)
    assert browser.status == 200 and to in browser.text, browser.text


def sign_in(site: Site, who: str) -> Browser:
    browser = Browser(address(site)).open("/reporting/")
    assert urlparse(browser.url).path == "/accounts/login/"
    browser.submit("", login=who, password=PASSWORD)
    assert urlparse(browser.url).path == "/accounts/second-factor/authenticate/"
    return browser.submit("", code=CODES[who].pop())  # the app's code of this moment is used up


def answer_everything(browser: Browser) -> int:
    """Answers each question that the check page says is missing; gives their number."""
    browser.open(f"/reporting/{REPORT}/check/")
    missing = dict.fromkeys(re.findall(rf'"(/reporting/{REPORT}/answers/[^/"]+/)"', browser.text))
    for n, question in enumerate(missing):
        browser.open(question)
        browser.submit("answers/", status="in_progress", narrative=f"Work on point {n} goes on.")
        assert browser.status == 200, browser.text
    return len(missing)


def submit(browser: Browser) -> None:
    browser.open(f"/reporting/{REPORT}/check/")
    wanting = re.findall(r'name="(why_[^"]+)"', browser.text)
    why = dict.fromkeys(wanting, "The unit keeps no count yet.")
    browser.submit("/submit/", entitled="on", no_personal_data="on", **why)
    assert browser.status == 200 and "/submitted/" in browser.url, browser.text


def rows(site: Site, path: str) -> list[dict]:
    return json.loads(site.get(f"/api/v1/{path}")[1])["results"]


def move(browser: Browser, name: str, **typed: str) -> None:
    browser.open(f"/secretariat/reports/{REPORT}/").submit(f"/{name}/", **typed)
    assert browser.status == 200, browser.text


def reviewed(reviewer: Browser, site: Site, focal: Browser, answers: int) -> None:
    """Returned with a reason, resubmitted, accepted, agreed by the member, published."""
    move(reviewer, "start-review")
    move(reviewer, "return", because="Please say more on the national response.")
    mail_about(site, "focal@example.org", "returned")
    focal.open(f"/reporting/{REPORT}/")
    assert "Please say more on the national response." in focal.text
    focal.open(f"/reporting/{REPORT}/answers/2015-N1/")
    link = {"evidence_title_0": "The plan", "evidence_url_0": "https://plan.example.org/"}
    said = {"status": "implemented", "narrative": "A national plan is in force."}
    focal.submit("answers/", **said, **link)
    submit(focal)
    move(reviewer, "start-review")
    move(reviewer, "accept")
    assert rows(site, f"progress/?cycle={ROUND}") == []
    assert site.get(f"/api/v1/reports/{REPORT}/")[0] == 404
    preview = focal.open(f"/reporting/{REPORT}/preview/")
    assert "A national plan is in force." in preview.text
    preview.submit("/agree/")
    move(reviewer, "publish")
    assert len(rows(site, f"progress/?cycle={ROUND}&page_size=1000")) == answers


def the_public_reads_it(site: Site) -> None:
    (row,) = rows(site, f"progress/?member={MEMBER}&commitment=2015-N1")
    assert row["status"] == "implemented"
    assert row["narrative"] == "A national plan is in force."
    (report,) = rows(site, f"reports/?member={MEMBER}")
    assert (report["version"], report["timeliness"]) == (2, "on_time")
    assert "A national plan is in force." in site.get("/commitments/2015-N1/")[1]

    def counted() -> bool:
        status, summary = site.get(f"/api/v1/summaries/cycle-{ROUND}/")
        if status == 404:  # the worker has not built it yet
            return False
        published = json.loads(summary)["figures"]["government"]["published"]
        return (published["numerator"], published["denominator"]) == (1, 70)

    assert wait_for(counted, 90), site.get(f"/api/v1/summaries/cycle-{ROUND}/")
    cycle = json.loads(site.get(f"/api/v1/cycles/{ROUND}/")[1])
    assert cycle["published"]["government"] == 1
    assert cycle["received"] is None and cycle["reason"] == "not_yet_published"


def test_a_promise_becomes_a_published_answer(site: Site) -> None:
    command(site, "invite_administrator", "administrator@example.org")
    administrator = join(site, "administrator@example.org", "Administrator")
    invite(administrator, "reviewer@example.org", "reviewer")
    invite(administrator, "focal@example.org", "focal_point", MEMBER)
    reviewer = join(site, "reviewer@example.org", "Reviewer")
    join(site, "focal@example.org", "Focal point")

    # The report is due in 20 days: the planner and the outbox say so without being asked.
    reminder = mail_about(site, "focal@example.org", "/reporting/")
    assert ROUND in reminder

    focal = sign_in(site, "focal@example.org")
    focal.open("/reporting/").submit(f"{REPORT}/start/")
    answers = answer_everything(focal)
    assert answers == 30
    submit(focal)
    mail_about(site, "focal@example.org", "submitted")
    reviewed(reviewer, site, focal, answers)
    mail_about(site, "focal@example.org", "published")
    the_public_reads_it(site)
    reminders = [m for m in mails(site, "focal@example.org") if m["List-Id"].startswith("<remin")]
    assert len(reminders) == 1
