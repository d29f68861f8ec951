"""What the tests of this folder say about two worlds."""

from tests.worlds.both import WORLDS, World
from tests.worlds.conftest import Answers, Worlds
from tests.worlds.leaks import Leak
from tests.worlds.parameters import documented
from tests.worlds.walk import differences


def are_alike(worlds: Worlds, area: str) -> Answers:
    """What is answered in this area of the site, once it is alike in both worlds."""
    first, second = worlds.walk(area)
    found = differences(first, second)
    assert not found, f"{len(found)} differences\n" + "\n".join(map(str, found[:20]))
    return first


def catches(worlds: Worlds, leak: Leak) -> None:
    """The leak shows; and looking for planted words shows it only where that is said."""
    first, second = worlds.leak(leak.where, leak.put_in)
    assert differences(first, second)
    both = zip(WORLDS, (first, second), strict=True)
    assert leak.planted == any(_tells(world, found) for world, found in both)


def _tells(world: World, found: Answers) -> bool:
    """Does a word of an unpublished text stand in an answer to somebody who did not send it?"""
    return any(
        world.word.encode() in answer.body
        for ask, answer in found.items()
        if world.word not in ask.path and world.word not in ask.body
    )


def never_answered(found: Answers, begins: str) -> set[str]:
    """Each documented parameter below `begins` for which no question got an answer (200)."""
    answered = {ask.path for ask, answer in found.items() if answer.status == 200}
    missing = set()
    for template, name, _schema in documented():
        route = template.partition("{")[0]
        if route.startswith(begins) and not any(
            path.startswith(route) and f"{name}=" in path for path in answered
        ):
            missing.add(f"{template} {name}")
    return missing
