"""What was promised, held against what is there once all is quiet."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from members import outbox
from members.models import Message
from reporting.models import Answer, AnswerVersion

from .detect import Reading, half_built, missing, told_twice, unsent
from .generations import ROUND, states
from .town import Post
from .work import Ledger
from .wrong import WRONG

RACE_SECONDS = 2  # between the last look at the report and the first word to the mail server
LATEST_SECONDS = 120
WAITING = ["pending", "leased", "handing"]


@dataclass
class Count:
    """The figures of one run. `late` is in seconds after the last fault was healed."""

    faults: Counter[str] = field(default_factory=Counter)
    due: int = 0
    lost: list[str] = field(default_factory=list)
    falsely_sent: list[str] = field(default_factory=list)
    extra: int = 0
    extra_not_flagged: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)
    late: float = 0.0
    summaries_read: int = 0
    partial: list[Reading] = field(default_factory=list)
    generations: int = 0
    saves: int = 0
    saves_missing: list[str] = field(default_factory=list)
    refused_not_shown: list[str] = field(default_factory=list)
    wrong: dict[str, tuple[int, int]] = field(default_factory=dict)
    never_happened: list[str] = field(default_factory=list)

    @property
    def table(self) -> list[tuple[str, str, str]]:
        """Each figure with its name and what is aimed at."""
        return [
            ("faults injected", str(self.faults.total()), ""),
            ("messages due", str(self.due), ""),
            ("messages lost", str(len(self.lost)), "0"),
            ("messages falsely sent", str(len(self.falsely_sent)), "0"),
            ("extra copies", str(self.extra), ""),
            ("extra copies not flagged", str(len(self.extra_not_flagged)), "0"),
            ("second messages under another Message-ID", str(len(self.told_twice)), "0"),
            ("refused and not shown as dead", str(len(self.refused_not_shown)), "0"),
            (
                "seconds from the last fault to the last message",
                f"{self.late:.0f}",
                f"at most {LATEST_SECONDS}",
            ),
            ("summaries read, six scopes in one answer", str(self.summaries_read), ""),
            ("generations of them that were read", str(self.generations), ""),
            ("partial summaries read", str(len(self.partial)), "0"),
            ("saves acknowledged", str(self.saves), ""),
            ("acknowledged saves missing", str(len(self.saves_missing)), "0"),
        ]

    @property
    def done(self) -> dict[str, int]:
        """What must have been done for the rest to mean anything."""
        read = max(0, self.generations - 1)  # of one generation alone, none can be mixed
        return {"messages": self.due, "summaries": read, "saves": self.saves}

    @property
    def too_late(self) -> list[str]:
        """That the last message came too late, where it did."""
        return [f"late by {self.late:.0f} s"] if self.late > LATEST_SECONDS else []

    @property
    def failures(self) -> list[str]:
        """What must never be, and was; and each wrong way that came through unharmed."""
        never: dict[str, Sequence[object]] = {
            "lost": self.lost,
            "falsely sent": self.falsely_sent,
            "extra copy not flagged": self.extra_not_flagged,
            "second message": self.told_twice,
            "refused and not shown": self.refused_not_shown,
            "partial summary": [sorted(one) for one in self.partial],
            "acknowledged save missing": self.saves_missing,
            "never happened": self.never_happened,
        }
        found = [f"{name}: {one}" for name, those in never.items() for one in those]
        found += [f"nothing was done: {name}" for name, n in self.done.items() if not n]
        unharmed = [name for name, (lost, _of) in self.wrong.items() if not lost]
        return found + [f"the wrong way lost nothing: {name}" for name in unharmed]


def still_waiting(ledger: Ledger) -> bool:
    """Whether a message that can be sent is not, or somebody who must be reminded has no row."""
    waiting = Message.objects.filter(state__in=WAITING).exclude(to__in=ledger.poisoned)
    silent = {a for a, member in ledger.reminded.items() if member not in ledger.submitted}
    return waiting.exists() or bool(silent - _planned(silent))


def _planned(addresses: set[str]) -> set[str]:
    return set(Message.objects.filter(to__in=addresses).values_list("to", flat=True))


def handed_to(mail: Post) -> list[tuple[str, str]]:
    """Each mail that the server accepted: to whom, and its Message-ID."""
    ids = [str(message["Message-ID"]) for message in mail.accepted]
    return list(zip(mail.recipients, ids, strict=True))


def count(ledger: Ledger, mail: Post) -> Count:
    """Compares the ledger with the mail server, the outbox, the answers and the published rows."""
    handed = handed_to(mail)
    must = set(ledger.mails) | {
        address for address, who in ledger.reminded.items() if who not in ledger.submitted
    }
    partial = half_built(ledger.readings, states())
    return Count(
        due=len(must),
        lost=unsent(must, handed),
        falsely_sent=_false(ledger, mail.begun),
        told_twice=told_twice({*ledger.mails, *ledger.reminded}, handed),
        **_copies(handed),
        summaries_read=ledger.readings.total(),
        generations=len(ledger.readings.keys() - set(partial)),
        partial=list(partial),
        saves=len(ledger.saved),
        saves_missing=missing(ledger.saved, _live(), _history()),
        refused_not_shown=sorted(ledger.refused - _dead()),
    )


def _copies(handed: list[tuple[str, str]]) -> dict[str, Any]:
    """Mails of ours that were accepted more than once under one Message-ID, and unflagged ones."""
    flagged = {outbox.message_id(m) for m in Message.objects.filter(maybe_twice=True)}
    copies = Counter(key for address, key in handed if not address.endswith(WRONG))
    twice = [key for key, n in copies.items() if n > 1]
    return {
        "extra": sum(copies[key] - 1 for key in twice),
        "extra_not_flagged": [key for key in twice if key not in flagged],
    }


def _false(ledger: Ledger, begun: dict[str, list[float]]) -> list[str]:
    """Reminders whose handing over began after the report had been submitted."""
    return [
        address
        for address, who in ledger.reminded.items()
        for moment in begun.get(address, [])
        if who in ledger.submitted and moment > ledger.submitted[who] + RACE_SECONDS
    ]


def _dead() -> set[str]:
    return set(Message.objects.filter(state="dead").values_list("to", flat=True))


def _live() -> dict[str, str]:
    """The text of each answer as it is now, by its clause."""
    answers = Answer.objects.filter(report__cycle__code=ROUND)
    return dict(answers.values_list("commitment__reference", "narrative"))


def _history() -> dict[str, str]:
    """All texts that each answer ever had, by its clause."""
    versions = AnswerVersion.objects.filter(answer__report__cycle__code=ROUND)
    found: dict[str, str] = {}
    for clause, words in versions.values_list("answer__commitment__reference", "narrative"):
        found[clause] = f"{found.get(clause, '')} {words}"
    return found


def quiet_after(ledger: Ledger, since: float, patience: float) -> float:
    """Seconds until nothing waits any more, or `patience`."""
    while still_waiting(ledger) and time.time() - since < patience:
        time.sleep(0.2)
    return time.time() - since
