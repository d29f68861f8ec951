"""What may have gone wrong, looked for in one way: in our own code and in each wrong way alike."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

# A mail as the server accepted it: to whom, and its Message-ID.
Handed = Iterable[tuple[str, str]]
# Figures of several scopes, all from one answer or one look: (scope and figure, number).
Reading = frozenset[tuple[str, int]]


def unsent(promised: Collection[str], handed: Handed) -> list[str]:
    """The addresses that were promised a message and got none."""
    return sorted(set(promised) - {address for address, _ in handed})


def told_twice(promised: Collection[str], handed: Handed) -> list[str]:
    """The addresses that got a second message, under another Message-ID.

    Each was promised one message about one thing. A second copy under the same Message-ID is
    another matter: mail programs fold it into the first, and it may happen when it is flagged.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for address, message_id in handed:
        found[address].add(message_id)
    return sorted(address for address in set(promised) if len(found[address]) > 1)


def half_built(readings: Iterable[Reading], states: Collection[Reading]) -> list[Reading]:
    """The readings that say what the published rows said at no moment: scopes of two generations,
    one that is not there, one that is counted halfway."""
    return [reading for reading in readings if reading not in states]


def missing(
    saved: Mapping[str, str], live: Mapping[str, str], history: Mapping[str, str]
) -> list[str]:
    """The acknowledged words that do not stand both in the text as it is and in its history.

    `saved` says in which text each stands. Everyone adds a word to what they read, so a word that
    is gone was overwritten by somebody who never saw it.
    """
    kept = {place: set(words.split()) for place, words in live.items()}
    then = {place: set(words.split()) for place, words in history.items()}
    return sorted(
        word
        for word, place in saved.items()
        if word not in kept.get(place, ()) or word not in then.get(place, ())
    )
