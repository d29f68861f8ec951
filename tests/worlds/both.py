"""The two worlds: who is there, and how far each report has come of which nobody may know."""

import datetime as dt
from dataclasses import dataclass, field

from members.models import Role, User
from tests.cast import OTHER, OWN, a_member, person


def at(year: int, month: int, day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=dt.UTC)


@dataclass
class World:
    """One of the two. `word` stands in each of its private texts, names and addresses."""

    name: str
    word: str
    reviewer: str
    private: list[tuple[str, str, str]]  # (round, member, how far its report came)
    extended: list[tuple[str, dt.date | None]]
    invited: int
    turned: bool  # whether what is published on one day is written in the other order
    speaking: dict[str, User] = field(default_factory=dict)

    def text(self, code: str) -> str:
        return f"The {self.word} plan of {code} waits for a decision of {self.word} cabinet."

    def speaker(self, code: str) -> User:
        """The member's focal point: one of the cast, or somebody of this world alone."""
        if code in (OWN, OTHER):
            name = "focal_point" if code == OWN else "outsider"
            return User.objects.get(email=f"{name.replace('_', '-')}@cast.example")
        if code not in self.speaking:
            name = f"{self.word}-{code.lower()}"
            of = a_member(code)
            self.speaking[code] = person(Role.Kind.FOCAL_POINT, of=of, name=name)
        return self.speaking[code]


FIRST = World(
    name="first",
    word="ultramarine",
    reviewer="reviewer",
    private=[
        ("2026", "DEU", "draft"),
        ("2026", "GHA", "submitted"),
        ("2026", "ITA", "accepted"),
        ("2026", "ESP", "returned"),
        ("2024", "SWE", "draft"),
        ("2026", "JPN", "in_review"),
        ("2026", "USA", "agreed"),
    ],
    extended=[("ITA", dt.date(2026, 9, 15)), ("NOR", None)],
    invited=3,
    turned=False,
)
SECOND = World(
    name="second",
    word="vermilion",
    reviewer="second_reviewer",
    private=[
        ("2026", "POL", "agreed"),
        ("2026", "DEU", "accepted"),
        ("2026", "ITA", "draft"),
        ("2026", "NOR", "submitted"),
        ("2024", "NZL", "draft"),
    ],
    extended=[("GHA", dt.date(2026, 10, 1)), ("FRA", dt.date(2026, 11, 2))],
    invited=1,
    turned=True,
)
WORLDS = (FIRST, SECOND)
