"""The obligations as a view over the dated facts: computed, never typed in, never stale."""

from django.db import migrations

CREATE = """
CREATE VIEW commitments_obligation AS
WITH leaf AS (
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
           greatest(leaf.adopted_on, g.signed_on) AS since, g.withdrawn_on AS until
    FROM leaf
    JOIN commitments_signature g ON g.statement_id = leaf.statement_id
    WHERE leaf.applies_to <> 'delegates'
  UNION ALL
    -- 2. It signed a statement that endorses this one, and had not signed this one itself.
    SELECT g.member_id, leaf.id, leaf.reference, leaf.statement_id,
           'endorsement', 2, via.id,
           greatest(via.adopted_on, g.signed_on), g.withdrawn_on
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
           greatest(leaf.adopted_on, m.joined_on), m.left_on
    FROM leaf
    JOIN members_member m ON leaf.applies_to IN ('', m.kind)
    WHERE leaf.binding = 'membership'
  UNION ALL
    -- 4. It is recorded as having taken part in the summit.
    SELECT p.member_id, leaf.id, leaf.reference, leaf.statement_id,
           'participation', 4, leaf.statement_id, leaf.adopted_on, NULL
    FROM leaf
    JOIN commitments_participation p ON p.statement_id = leaf.statement_id
    WHERE leaf.applies_to = 'delegates'
)
SELECT m.code || ':' || b.reference || ':' || b.basis AS id,
       b.member_id, b.commitment_id, b.statement_id, b.basis, b.strength, b.via_id,
       b.since, b.until
FROM basis b
JOIN members_member m ON m.id = b.member_id
WHERE b.until IS NULL OR b.since < b.until;
"""

DROP = "DROP VIEW commitments_obligation;"


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_register")]

    operations = [migrations.RunSQL(CREATE, DROP)]
