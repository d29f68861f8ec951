"""One run: the town is set up, works, is hurt by chance, comes to rest and is counted."""

import logging
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from random import Random

from django.db import connection

from alliance.celery import app
from tests.site import wait_for

from .count import Count, count, handed_to, quiet_after
from .town import Town, rest
from .work import Hand, Ledger, Registrar, open_a_round, writers
from .wounds import WOUNDS, possible
from .wrong import Wrong, prepare

START_SECONDS, REST_SECONDS = 90, 240
Said = Callable[[str], None]


def run(town: Town, *, faults: int, seed: int, seconds: float, say: Said) -> Count:
    """The figures of a run with this many faults, or with fewer when `seconds` are over.

    Call it with Django set up for the town, its database running and prepared.
    """
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    ledger, wrong, stop = Ledger(), Wrong(), threading.Event()
    prepare()
    open_a_round()
    hands = at_work(town, ledger, wrong, stop)
    town.start_all()
    assert wait_for(lambda: _answers(town), START_SECONDS), "the site does not answer"
    for hand in hands:
        hand.start()
    assert wait_for(lambda: ledger.saved and ledger.readings, START_SECONDS), "nobody can work"
    injected = hurt(town, ledger, Random(seed), faults=faults, seconds=seconds, say=say)
    healed = time.time()
    stop.set()
    for hand in hands:
        hand.join(30)
    connection.close()
    late = quiet_after(ledger, healed, REST_SECONDS)
    wrong.send_the_rest()
    rest(3)
    found = count(ledger, town.mail)
    found.late, found.faults = late, injected
    found.wrong = wrong.lost(handed_to(town.mail))
    if faults >= len(kinds := possible(town)):
        found.never_happened = [kind for kind in kinds if not injected[kind]]
    return found


def at_work(town: Town, ledger: Ledger, wrong: Wrong, stop: threading.Event) -> list[Hand]:
    registrar = Registrar(ledger)
    work: list[tuple[float, Callable[[], None]]] = [
        (0.2, ledger.promise_mail),
        (0.6, registrar.appoint),
        (3.0, registrar.submit),
        (2.0, registrar.publish),
        (1.0, _build),
        (0.3, lambda: ledger.read_summaries(town.site)),
        (0.3, wrong.promise_mails),
        (0.3, wrong.read_summaries),
        (0.1, wrong.edit),
        (0.1, wrong.edit),
    ]
    work += [(0.4, writer.write) for writer in writers(town.site, ledger)]
    return [Hand(stop, every, what) for every, what in work]


def _build() -> None:
    app.send_task("reporting.tasks.build_summaries", expires=10)


def _answers(town: Town) -> bool:
    try:
        with urllib.request.urlopen(f"{town.site}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def hurt(
    town: Town, ledger: Ledger, chance: Random, *, faults: int, seconds: float, say: Said
) -> Counter[str]:
    """Inflicts the wounds, each kind once before any a second time, and says each."""
    injected: Counter[str] = Counter()
    end, order, kinds = time.monotonic() + seconds, list[str](), possible(town)
    while injected.total() < faults and time.monotonic() < end:
        order = order or chance.sample(kinds, len(kinds))
        name = order.pop()
        WOUNDS[name](town, chance, ledger)
        injected[name] += 1
        say(f"{injected.total():4d}  {name}")
        rest(chance.uniform(0.2, 1.5))
    town.start_all()
    return injected
