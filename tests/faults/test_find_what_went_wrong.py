"""The detectors of the harness see what they are for, whoever did it."""

from .detect import half_built, missing, told_twice, unsent
from .generations import reading

FIRST = reading([("cycle-2028", "published", 1), ("statement-2012", "answers_planned", 2)])
SECOND = reading([("cycle-2028", "published", 2), ("statement-2012", "answers_planned", 4)])


def test_two_generations_in_one_answer_are_seen() -> None:
    mixed = reading([("cycle-2028", "published", 2), ("statement-2012", "answers_planned", 2)])
    assert half_built([FIRST, mixed, SECOND], {FIRST, SECOND}) == [mixed]


def test_a_scope_that_is_not_there_is_seen() -> None:
    short = reading([("cycle-2028", "published", 1)])
    assert half_built([short, reading([])], {FIRST, SECOND}) == [short, reading([])]


def test_a_word_that_only_the_history_still_has_is_missing() -> None:
    saved = {"word-1": "2012-T1", "word-2": "2012-T1"}
    history = {"2012-T1": "word-1 word-2"}
    assert missing(saved, {"2012-T1": "word-2"}, history) == ["word-1"]
    assert missing(saved, history, {"2012-T1": "word-2"}) == ["word-1"]
    assert missing(saved, history, history) == []


def test_a_second_message_under_another_id_is_seen_and_a_copy_is_not_one() -> None:
    handed = [("a@x", "<1>"), ("a@x", "<2>"), ("b@x", "<3>"), ("b@x", "<3>")]
    assert told_twice({"a@x", "b@x"}, handed) == ["a@x"]
    assert unsent({"a@x", "c@x"}, handed) == ["c@x"]
