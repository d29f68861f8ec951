"""What was promised, held against what is there once all is quiet."""

import time
from collections import Counter
from dataclasses import dataclass, field

from members import outbox
from members.models import Message
from reporting.models import AnswerVersion

from .town import Post
from .work import Ledger

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
    late: float = 0.0
    summaries_read: int = 0
    partial: list[str] = field(default_factory=list)
    saves: int = 0
    saves_missing: list[str] = field(default_factory=list)
    refused_not_shown: list[str] = field(default_factory=list)
    wrong: dict[str, tuple[int, int]] = field(default_factory=dict)

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
            ("refused and not shown as dead", str(len(self.refused_not_shown)), "0"),
            (
                "seconds from the last fault to the last message",
                f"{self.late:.0f}",
                f"at most {LATEST_SECONDS}",
            ),
            ("summaries read", str(self.summaries_read), ""),
            ("partial summaries read", str(len(self.partial)), "0"),
            ("saves acknowledged", str(self.saves), ""),
            ("acknowledged saves missing", str(len(self.saves_missing)), "0"),
        ]

    @property
    def done(self) -> dict[str, int]:
        """What must have been done for the rest to mean anything."""
        return {"messages": self.due, "summaries": self.summaries_read, "saves": self.saves}

    @property
    def too_late(self) -> list[str]:
        """That the last message came too late, where it did."""
        return [f"late by {self.late:.0f} s"] if self.late > LATEST_SECONDS else []

    @property
    def failures(self) -> list[str]:
        """What must never be, and was; and each wrong way that came through unharmed."""
        never = {
            "lost": self.lost,
            "falsely sent": self.falsely_sent,
            "extra copy not flagged": self.extra_not_flagged,
            "refused and not shown": self.refused_not_shown,
            "partial summary": self.partial,
            "acknowledged save missing": self.saves_missing,
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


def accepted_by(mail: Post) -> Counter[str]:
    return Counter(mail.recipients)


def count(ledger: Ledger, mail: Post) -> Count:
    """Compares the ledger with the mail server, the outbox and the history of answers."""
    accepted = accepted_by(mail)
    must = set(ledger.mails) | {
        address for address, who in ledger.reminded.items() if who not in ledger.submitted
    }
    copies = Counter(str(message["Message-ID"]) for message in mail.accepted)
    twice = [key for key, n in copies.items() if n > 1 and "@" in key]
    flagged = {outbox.message_id(m) for m in Message.objects.filter(maybe_twice=True)}
    return Count(
        due=len(must),
        lost=sorted(address for address in must if not accepted[address]),
        falsely_sent=_false(ledger, mail.begun),
        extra=sum(copies[key] - 1 for key in twice),
        extra_not_flagged=[key for key in twice if key not in flagged],
        summaries_read=ledger.read,
        partial=ledger.partial,
        saves=len(ledger.saved),
        saves_missing=_missing_saves(ledger),
        refused_not_shown=sorted(ledger.refused - _dead()),
    )


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


def _missing_saves(ledger: Ledger) -> list[str]:
    kept = set(AnswerVersion.objects.values_list("narrative", flat=True))
    return sorted(set(ledger.saved) - kept)


def quiet_after(ledger: Ledger, since: float, patience: float) -> float:
    """Seconds until nothing waits any more, or `patience`."""
    while still_waiting(ledger) and time.time() - since < patience:
        time.sleep(0.2)
    return time.time() - since
