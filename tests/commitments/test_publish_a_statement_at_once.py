"""Two people publish the same draft, or correct the same words, at the same moment."""

import datetime as dt

from commitments import actions
from commitments.models import Commitment, Correction, Draft, Statement
from members.actions.records import Stale, Writing
from members.models import Event, Role, User
from tests.at_once import at_once
from tests.cast import person

AT = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)


def a_draft(editor: User) -> Draft:
    """A text of one clause that binds every member; nothing is in its way."""
    facts = {
        "code": "2026",
        "title": "A TEXT",
        "place": "Nowhere",
        "adopted_on": dt.date(2026, 1, 15),
        "binding": "membership",
        "source": "A paper",
        "text": "A TEXT\n\n1. teach children",
    }
    draft = actions.begin_draft(facts, by=editor, at=AT)
    actions.propose_parts(draft, Writing(editor, AT, 0, actions.PARTS))
    draft.parts.filter(what="clause").update(title="Teach", section="All")
    return draft


def test_two_who_publish_or_correct_at_once_make_one_statement_and_one_version(
    fresh_database: object,
) -> None:
    editor = person(Role.Kind.EDITOR)
    draft = a_draft(editor)
    seen = actions.fingerprint(draft)
    made = at_once(lambda: actions.publish_draft(draft, by=editor, at=AT, seen=seen), 2)
    assert {statement.pk for statement in made} == {Statement.objects.get(code="2026").pk}
    assert Event.objects.filter(verb="statement published").count() == 1

    clause = Commitment.objects.get(reference="2026-1")

    def correct() -> object:
        facts = {"reason": "A slip", "version": 1, "by": editor, "at": AT}
        try:
            return actions.correct_wording(clause, text="teach every child", **facts)
        except Stale as late:
            return late

    kinds = sorted(type(one).__name__ for one in at_once(correct, 2))
    assert kinds == ["Correction", "Stale"]
    assert Correction.objects.count() == 1
