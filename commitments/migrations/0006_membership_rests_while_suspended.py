"""A suspended member is none for that time: what it owes as a member rests.

`CREATE OR REPLACE` keeps the columns, so nothing that reads the view has to be made anew.
"""

from importlib import import_module

from django.db import migrations

REPLACE = """
CREATE OR REPLACE VIEW commitments_obligation AS
WITH stretch AS (
    -- When a member is one: up to its first suspension, and from the end of each to the next.
    SELECT m.id AS member_id, NULL::date AS resumed,
           (SELECT min(s.since) FROM members_suspension s WHERE s.member_id = m.id) AS until
    FROM members_member m
  UNION ALL
    SELECT s.member_id, s.until,
           (SELECT min(n.since) FROM members_suspension n
            WHERE n.member_id = s.member_id AND n.since > s.since)
    FROM members_suspension s
    WHERE s.until IS NOT NULL
),
leaf AS (
    SELECT c.id, c.reference, c.statement_id, c.applies_to, s.binding, s.adopted_on
    FROM commitments_commitment c
    JOIN commitments_statement s ON s.id = c.statement_id
    WHERE c.duty = 'individual'
      AND c.kind <> 'recognition'
      AND NOT EXISTS (SELECT FROM commitments_commitment child WHERE child.parent_id = c.id)
),
basis AS (
    -- 1. The member's name stands under the statement.
    SELECT g.member_id, leaf.id AS commitment_id, leaf.reference, leaf.statement_id,
           'signature' AS basis, 1 AS strength, g.statement_id AS via_id,
           greatest(leaf.adopted_on, g.signed_on) AS since, g.withdrawn_on AS until,
           NULL::date AS resumed
    FROM leaf
    JOIN commitments_signature g ON g.statement_id = leaf.statement_id
    WHERE leaf.applies_to <> 'delegates'
  UNION ALL
    -- 2. It signed a statement that endorses this one, and had not signed this one itself.
    SELECT g.member_id, leaf.id, leaf.reference, leaf.statement_id,
           'endorsement', 2, via.id,
           greatest(via.adopted_on, g.signed_on), g.withdrawn_on, NULL
    FROM leaf
    JOIN commitments_statement via ON via.endorses_id = leaf.statement_id
    JOIN commitments_signature g ON g.statement_id = via.id
    WHERE NOT EXISTS (
        SELECT FROM commitments_signature own
        WHERE own.statement_id = leaf.statement_id
          AND own.member_id = g.member_id
          AND own.signed_on <= g.signed_on
    )
  UNION ALL
    -- 3. It is a member of the alliance, whom the statement binds.
    SELECT m.id, leaf.id, leaf.reference, leaf.statement_id,
           'membership', 3, leaf.statement_id,
           greatest(leaf.adopted_on, m.joined_on, stretch.resumed),
           least(m.left_on, stretch.until), stretch.resumed
    FROM leaf
    JOIN members_member m ON leaf.applies_to IN ('', m.kind)
    JOIN stretch ON stretch.member_id = m.id
    WHERE leaf.binding = 'membership'
  UNION ALL
    -- 4. It is recorded as having taken part in the summit.
    SELECT p.member_id, leaf.id, leaf.reference, leaf.statement_id,
           'participation', 4, leaf.statement_id, leaf.adopted_on, NULL, NULL
    FROM leaf
    JOIN commitments_participation p ON p.statement_id = leaf.statement_id
    WHERE leaf.applies_to = 'delegates'
)
SELECT m.code || ':' || b.reference || ':' || b.basis || coalesce(':' || b.resumed, '') AS id,
       b.member_id, b.commitment_id, b.statement_id, b.basis, b.strength, b.via_id,
       b.since, b.until
FROM basis b
JOIN members_member m ON m.id = b.member_id
WHERE b.until IS NULL OR b.since < b.until;
"""

BEFORE = import_module("commitments.migrations.0002_obligation_view").CREATE.replace(
    "CREATE VIEW", "CREATE OR REPLACE VIEW"
)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_member_records"),
        ("commitments", "0005_positions_and_history"),
    ]

    operations = [migrations.RunSQL(REPLACE, BEFORE)]
