"""The work that goes on while things break, and the ledger of what was promised meanwhile."""

import datetime as dt
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import Error, connection, transaction
from kombu.exceptions import OperationalError as BrokerAway

from members import outbox
from members.models import Member, Message, Role, User
from reporting.models import Cycle, PublishedAnswer, PublishedReport, Report
from reporting.rounds import expected_by_round
from tests.api.published import publish_answer, publish_report
from tests.cast import PASSWORD, person
from tests.journey.browser import Browser

from . import generations
from .detect import Reading
from .generations import ANSWERED, ROUND, STATUSES

NO_ANSWER = (Error, OSError, http.client.HTTPException, BrokerAway, StopIteration)


def insisting(work: Callable[[], Any], seconds: float = 30) -> Any:
    """What the work returns, tried again while the database is away."""
    end = time.monotonic() + seconds
    while True:
        try:
            with transaction.atomic():
                return work()
        except Error:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@dataclass
class Ledger:
    """What was promised: the page or the commit said so. Keys are addresses or words."""

    mails: dict[str, float] = field(default_factory=dict)
    reminded: dict[str, str] = field(default_factory=dict)  # address: member
    submitted: dict[str, float] = field(default_factory=dict)  # member: when it was committed
    saved: dict[str, str] = field(default_factory=dict)  # word: clause
    refused: set[str] = field(default_factory=set)
    poisoned: set[str] = field(default_factory=set)
    readings: Counter[Reading] = field(default_factory=Counter)
    number: int = 0
    registrar: "Registrar" = field(init=False)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> int:
        with self.lock:
            self.number += 1
            return self.number

    def promise_mail(self) -> None:
        """A message in the outbox, due at once. Only what was committed counts as promised."""
        address = f"reader-{self.next()}@town.example"
        try:
            outbox.queue(kind="workflow", to=address, subject="-", body="-")
        except Error:
            connection.close()
        else:
            self.mails[address] = time.time()

    def read_summaries(self, site: str) -> None:
        self.readings[generations.read(site)] += 1


class Hand(threading.Thread):
    """Somebody who does one thing again and again until told to stop."""

    def __init__(self, stop: threading.Event, every: float, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.stop, self.every, self.work = stop, every, work

    def run(self) -> None:
        while not self.stop.wait(self.every):
            try:
                self.work()
            except NO_ANSWER:
                connection.close()
        connection.close()


def open_a_round() -> None:
    """A round whose due day is over and which is open, whatever day it is today."""
    today = dt.datetime.now(dt.UTC).date()
    days = {"opens_on": -200, "due_on": -10, "closes_on": 100}
    dates = {name: today + dt.timedelta(days=n) for name, n in days.items()}
    Cycle.objects.filter(code=ROUND).update(**dates)
    Cycle.objects.exclude(code=ROUND).filter(closes_on__gte=today).update(
        opens_on=dt.date(2013, 1, 1), due_on=dt.date(2013, 2, 1), closes_on=dt.date(2013, 3, 1)
    )


class Registrar:
    """Brings in people who must be reminded, and reports of which nobody must be any more."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, ledger.registrar = ledger, self
        self.members = list(Member.objects.counted().order_by("code"))
        self.cycle = Cycle.objects.get(code=ROUND)
        self.quiet = self.members[::2]  # these never report
        self.busy = self.members[1::2]
        self.reporting = sorted(expected_by_round([self.cycle])[ROUND])
        self.published = 0

    def appoint(self) -> None:
        number = self.ledger.next()
        self._appoint(number, chosen=(self.busy if number % 2 else self.quiet))

    def appoint_some_busy(self) -> None:
        """Somebody new for each of the members whose reports come next."""
        for who in self._left()[:3]:
            self._appoint(self.ledger.next(), chosen=[who])

    def _appoint(self, number: int, *, chosen: list[Member]) -> None:
        who = chosen[number // 2 % len(chosen)]
        if who.code in self.ledger.submitted:
            return
        with transaction.atomic():
            name = f"appointed-{number}"
            user = User(email=f"{name}@town.example", name=name)
            user.set_unusable_password()
            user.save()
            since = dt.date(2020, 1, 1)
            Role.objects.create(user=user, kind="focal_point", member=who, since=since)
        self.ledger.reminded[user.email] = who.code

    def _left(self) -> list[Member]:
        return [who for who in self.busy if who.code not in self.ledger.submitted]

    def planned_for_the_busy(self) -> bool:
        """Whether a message waits for each person of the members whose reports come next."""
        codes = {who.code for who in self._left()[:3]}
        people = {address for address, code in self.ledger.reminded.items() if code in codes}
        return Message.objects.filter(to__in=people).count() >= len(people)

    def submit(self) -> None:
        left = self._left()
        if not left:
            return
        facts = {"state": Report.State.SUBMITTED, "first_submitted_at": dt.datetime.now(dt.UTC)}
        if not Report.objects.filter(cycle=self.cycle, member=left[0]).exists():
            Report.objects.create(cycle=self.cycle, member=left[0], **facts)
        self.ledger.submitted[left[0].code] = time.time()

    def publish(self) -> None:
        """One more report with its answers, or a new version of one, in one transaction."""
        self.published += 1
        member = self.reporting[self.published % len(self.reporting)]
        of, today = {"cycle": ROUND, "member": member}, dt.datetime.now(dt.UTC).date()
        with transaction.atomic():
            for model in (PublishedAnswer, PublishedReport):
                model.objects.shown().filter(**of).update(shown_until=today)
            report = publish_report(member, ROUND, synthetic=True, version=self.published)
            for reference in ANSWERED:
                status = STATUSES[self.published % len(STATUSES)]
                publish_answer(report, reference, status=status)


class Writer:
    """Somebody who adds a word to one answer in the browser, over and over."""

    def __init__(self, site: str, ledger: Ledger, report: str, clause: str, who: User) -> None:
        self.ledger, self.clause, self.who, self.site = ledger, clause, who, site
        self.path = f"/reporting/{report}/answers/{clause}/"
        self.browser: Browser | None = None

    def write(self) -> None:
        if self.browser is None:
            browser = Browser(self.site).open("/accounts/login/")
            browser.submit("", login=self.who.email, password=PASSWORD)
            self.browser = browser
            return
        page = self.browser.open(self.path)
        if "/login/" in page.url:
            self.browser = None  # signed out, or never in: once more from the beginning
        if page.status != 200 or not page.url.endswith(self.path):
            return
        word = f"word-{self.ledger.next():06d}"
        page.submit("answers/", status="in_progress", narrative=f"{_typed(page)} {word}".strip())
        if page.status == 200 and page.url.endswith(self.path) and word in page.text:
            self.ledger.saved[word] = self.clause


def _typed(page: Browser) -> str:
    """What stands in the field when the page is opened; StopIteration where it has none."""
    return next(f.fields["narrative"] for f in page.forms if "narrative" in f.fields)[0].strip()


def writers(site: str, ledger: Ledger) -> list[Writer]:
    """Four at four answers, and two more who share one of them."""
    member = Member.objects.get(code="ALB")
    who = person("focal_point", of=member, name="writer")
    Report.objects.create(cycle=Cycle.objects.get(code=ROUND), member=member)
    clauses = ["2012-T1", "2012-T2", "2012-T3", "2012-S1", "2012-T1", "2012-T1"]
    return [Writer(site, ledger, f"{ROUND}-ALB", clause, who) for clause in clauses]
