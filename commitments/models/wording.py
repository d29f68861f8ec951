"""Triggers that keep quoted words: the newest correction changes them, and nothing else does.

A statement's title is a quotation too. It stands in the text as a passage of its own, and follows
when that is corrected. What was published is never deleted.
"""

import pgtrigger


def _stays(changed: str, said: str) -> pgtrigger.Trigger:
    refusal = "a published wording stays; a correction is a new version"
    return pgtrigger.Trigger(
        name="wording_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(changed),
        func=f"IF NOT EXISTS ({said}) THEN RAISE EXCEPTION '{refusal}'; END IF; RETURN NEW;",
    )


CLAUSE_STAYS = _stays(
    'OLD."text" IS DISTINCT FROM NEW."text" OR OLD."lead_in" IS DISTINCT FROM NEW."lead_in"',
    "SELECT FROM commitments_correction c WHERE c.commitment_id = NEW.id "
    "AND c.text_before = OLD.text AND c.text = NEW.text "
    "AND c.lead_in_before = OLD.lead_in AND c.lead_in = NEW.lead_in "
    "AND c.number = (SELECT max(number) FROM commitments_correction "
    "WHERE commitment_id = NEW.id)",
)
PASSAGE_STAYS = _stays(
    'OLD."text" IS DISTINCT FROM NEW."text"',
    "SELECT FROM commitments_correction c WHERE c.passage_id = NEW.id "
    "AND c.text_before = OLD.text AND c.text = NEW.text "
    "AND c.number = (SELECT max(number) FROM commitments_correction WHERE passage_id = NEW.id)",
)
# A title is kept in one line, however the passage that it is breaks its own.
STATEMENT_STAYS = pgtrigger.Trigger(
    name="title_stays",
    level=pgtrigger.Row,
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        'OLD."title" IS DISTINCT FROM NEW."title" OR OLD."code" IS DISTINCT FROM NEW."code"'
    ),
    func=(
        "IF NEW.code <> OLD.code OR NOT EXISTS (SELECT FROM commitments_correction c "
        "JOIN commitments_passage p ON p.id = c.passage_id WHERE p.statement_id = NEW.id "
        "AND btrim(regexp_replace(c.text_before, '\\s+', ' ', 'g')) = OLD.title "
        "AND btrim(regexp_replace(c.text, '\\s+', ' ', 'g')) = NEW.title "
        "AND c.number = (SELECT max(number) FROM commitments_correction WHERE passage_id = p.id)) "
        "THEN RAISE EXCEPTION 'a published title stays; its passage is corrected'; END IF; "
        "RETURN NEW;"
    ),
)


def never_deleted() -> pgtrigger.Trigger:
    """A trigger that refuses to delete what was published: reports and answers are about it."""
    return pgtrigger.Protect(name="published_stays", operation=pgtrigger.Delete)


# The wording that a correction keeps is the one that stands when it is made.
SAYS_WHAT_STOOD = pgtrigger.Trigger(
    name="says_what_stood",
    level=pgtrigger.Row,
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=(
        "IF NOT EXISTS (SELECT FROM commitments_commitment WHERE id = NEW.commitment_id "
        "AND lead_in = NEW.lead_in_before AND text = NEW.text_before) "
        "AND NOT EXISTS (SELECT FROM commitments_passage WHERE id = NEW.passage_id "
        "AND NEW.lead_in_before = '' AND text = NEW.text_before) THEN "
        "RAISE EXCEPTION 'a correction says what stood before it'; END IF; RETURN NEW;"
    ),
)
# The corrected words are written where they stand, in the same moment; a title with its passage.
TAKES_EFFECT = pgtrigger.Trigger(
    name="takes_effect",
    level=pgtrigger.Row,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func=(
        "UPDATE commitments_commitment SET lead_in = NEW.lead_in, text = NEW.text "
        "WHERE id = NEW.commitment_id; "
        "UPDATE commitments_passage SET text = NEW.text WHERE id = NEW.passage_id; "
        "UPDATE commitments_statement s SET title = "
        "btrim(regexp_replace(NEW.text, '\\s+', ' ', 'g')) "
        "FROM commitments_passage p WHERE p.id = NEW.passage_id AND s.id = p.statement_id "
        "AND s.title = btrim(regexp_replace(NEW.text_before, '\\s+', ' ', 'g')); RETURN NULL;"
    ),
)
