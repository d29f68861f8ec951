"""The planner's question to the database, asked in three ways. One statement each, whole sets."""

# `due`: one row per milestone that has come for a missing report and a person who is written to
# about it. Focal points always are; the second contact and the secretariat where the milestone
# reaches so far and nobody has begun the report, or where mail to every nearer contact was
# refused. `place` 1 is the newest milestone, which overtakes the others. A person's day is that
# of its time zone. The planner asks for one moment, the rehearsal for many.
_REACHED = """
WITH expected AS (
    SELECT * FROM unnest(%(cycles)s::bigint[], %(members)s::bigint[]) AS e(cycle_id, member_id)
),
zone AS (
    SELECT * FROM unnest(%(zones)s::text[], %(asked)s::date[], %(days)s::date[])
        AS z(name, asked_on, today)
),
milestone AS (
    SELECT * FROM unnest(%(of)s::bigint[], %(kinds)s::text[], %(opening)s::boolean[],
                         %(offsets)s::int[], %(reaches)s::int[])
        AS m(cycle_id, kind, from_opening, offset_days, reaches)
),
refused AS (
    SELECT DISTINCT dead."to" AS email FROM members_message dead
    WHERE dead.state = 'dead' AND NOT EXISTS (
        SELECT FROM members_message later
        WHERE later."to" = dead."to" AND later.state = 'sent' AND later.sent_at >= dead.created_at
    )
),
missing AS MATERIALIZED (
    SELECT cycle.id AS cycle_id, expected.member_id,
           cycle.code || '-' || member.code AS report_code, cycle.opens_on, cycle.closes_on,
           CASE cycle.id WHEN %(round)s::bigint THEN %(due_on)s::date
                         ELSE cycle.due_on END AS due_on,
           extension.decided_on, extension.due_on AS extended_to,
           report.id IS NOT NULL AS begun,
           coalesce(report.synthetic, false) OR coalesce(extension.synthetic, false) AS synthetic
    FROM expected
    JOIN reporting_cycle cycle ON cycle.id = expected.cycle_id
    JOIN members_member member ON member.id = expected.member_id
    LEFT JOIN reporting_report report
           ON report.cycle_id = expected.cycle_id AND report.member_id = expected.member_id
    LEFT JOIN reporting_extension extension
           ON extension.cycle_id = expected.cycle_id
          AND extension.member_id = expected.member_id
    WHERE report.first_submitted_at IS NULL
),
secretariat AS MATERIALIZED (
    SELECT user_id, since, until FROM members_role WHERE kind IN ('reviewer', 'administrator')
),
contact AS (
    SELECT member_id, user_id, since, until,
           CASE kind WHEN 'focal_point' THEN 1 ELSE 2 END AS rank
    FROM members_role
    WHERE kind IN ('focal_point', 'contributor')
    UNION ALL
    SELECT report_of.member_id, user_id, since, until, 3
    FROM secretariat
    CROSS JOIN (SELECT DISTINCT member_id FROM missing) report_of
),
reader AS MATERIALIZED (
    SELECT contact.member_id, contact.rank, zone.asked_on, zone.today, person.id AS person_id,
           person.email, person.language, person.is_demonstration,
           count(*) FILTER (WHERE contact.rank < 3)
               OVER (PARTITION BY contact.member_id, zone.asked_on) AS contacts,
           min(contact.rank) FILTER (WHERE refused.email IS NULL)
               OVER (PARTITION BY contact.member_id, zone.asked_on) AS reachable
    FROM contact
    JOIN members_user person ON person.id = contact.user_id AND person.is_active
    JOIN zone ON zone.name = person.time_zone
             AND contact.since <= zone.today
             AND (contact.until IS NULL OR contact.until > zone.today)
    LEFT JOIN refused ON refused.email = person.email
),
due AS (
    SELECT DISTINCT ON (missing.cycle_id, missing.member_id, milestone.kind, reader.person_id,
                        reader.asked_on, reader.today)
           milestone.kind AS milestone, missing.cycle_id, missing.member_id, reader.person_id,
           reader.email, reader.language, reader.asked_on, reader.today,
           reader.is_demonstration OR missing.synthetic AS synthetic,
           missing.report_code, missing.decided_on, day.reckoned_from,
           day.reckoned_from + milestone.offset_days AS due_on, milestone.offset_days, reader.rank,
           CASE WHEN reader.rank = 1 THEN ''
                WHEN reader.contacts > 0 AND reader.reachable = reader.rank THEN 'refused'
                ELSE 'silence' END AS because
    FROM missing
    JOIN milestone ON milestone.cycle_id = missing.cycle_id
    JOIN reader ON reader.member_id = missing.member_id
               AND reader.asked_on BETWEEN missing.opens_on AND missing.closes_on
    CROSS JOIN LATERAL (
        SELECT CASE WHEN milestone.from_opening THEN missing.opens_on
                    WHEN missing.decided_on <= reader.today
                    THEN greatest(missing.extended_to, missing.due_on)
                    ELSE missing.due_on END AS reckoned_from
    ) day
    WHERE day.reckoned_from + milestone.offset_days <= reader.today
      AND NOT coalesce(missing.extended_to IS NULL AND missing.decided_on <= reader.today, false)
      AND (%(person)s::bigint IS NULL OR reader.person_id = %(person)s)
      AND (reader.rank = 1
           OR (reader.rank <= milestone.reaches AND NOT missing.begun)
           OR (reader.contacts > 0 AND reader.reachable = reader.rank))
    ORDER BY missing.cycle_id, missing.member_id, milestone.kind, reader.person_id,
             reader.asked_on, reader.today, reader.rank
),
placed AS (
    SELECT *, row_number() OVER (
        PARTITION BY cycle_id, member_id, email, asked_on, today
        ORDER BY due_on DESC, offset_days DESC, milestone
    ) AS place
    FROM due
)
"""

# What was sent for another date does not use up the milestone of this one, unless that had come by
# the day of the decision: the letter of the decision itself tells the new date on that day.
_FRESH = """,
fresh AS (
    SELECT * FROM placed
    WHERE NOT EXISTS (
        SELECT FROM reporting_reminder reminder
        WHERE reminder.milestone = placed.milestone
          AND reminder.cycle_id = placed.cycle_id
          AND reminder.member_id = placed.member_id
          AND reminder.recipient = placed.email
          AND (reminder.reckoned_from = placed.reckoned_from
               OR placed.due_on <= placed.decided_on)
    )
)"""

# The key is made of the person and the day, and keys are unique: however many planners run, a
# person gets one message a day. Whatever else comes up that day waits for the next.
PLAN = (
    _REACHED  # noqa: S608 constants, no value among them
    + _FRESH
    + """,
envelope AS (
    INSERT INTO members_message
        (key, kind, "to", person_id, subject, body, calendar, language, about, synthetic, state,
         created_at, not_before, attempts, last_error, maybe_twice)
    SELECT md5('reminder ' || person_id || ' ' || today)::uuid, 'reminder', email, person_id,
           '', '', '', language,
           left(string_agg(DISTINCT report_code, ' ' ORDER BY report_code), 2000),
           bool_or(synthetic), 'pending', %(now)s, %(now)s, 0, '', false
    FROM fresh
    WHERE place = 1
    GROUP BY person_id, today, email, language
    ORDER BY person_id
    ON CONFLICT (key) DO NOTHING
    RETURNING id, person_id
)
INSERT INTO reporting_reminder
    (milestone, cycle_id, member_id, recipient, contact, because, reckoned_from, due_on, planned_at,
     message_id, overtaken)
SELECT fresh.milestone, fresh.cycle_id, fresh.member_id, fresh.email,
       (%(contacts)s::text[])[fresh.rank], fresh.because, fresh.reckoned_from,
       fresh.due_on, %(now)s,
       envelope.id, fresh.place > 1
FROM fresh
LEFT JOIN envelope ON envelope.person_id = fresh.person_id AND fresh.place = 1
WHERE fresh.place > 1 OR envelope.id IS NOT NULL
ON CONFLICT DO NOTHING
RETURNING message_id
"""
)

# A milestone is used up at the first moment at which it is fresh: sent if it is the newest then. A
# person who got a message already waits for the next day, as above.
AHEAD = (
    _REACHED  # noqa: S608 constants, no value among them
    + _FRESH
    + """,
used AS (
    SELECT DISTINCT ON (milestone, cycle_id, member_id, person_id, reckoned_from) *
    FROM fresh
    WHERE place > 1 OR NOT EXISTS (
        SELECT FROM members_message message
        WHERE message.key = md5('reminder ' || fresh.person_id || ' ' || fresh.today)::uuid
    )
    ORDER BY milestone, cycle_id, member_id, person_id, reckoned_from, today, asked_on
)
SELECT person_id, today, milestone, cycle_id, member_id, due_on, synthetic,
       (%(contacts)s::text[])[rank], because
FROM used
WHERE place = 1
ORDER BY today, person_id
"""
)

STILL = (
    _REACHED
    + """
SELECT reminder.id
FROM reporting_reminder reminder
JOIN placed ON placed.milestone = reminder.milestone AND placed.cycle_id = reminder.cycle_id
           AND placed.member_id = reminder.member_id AND placed.email = reminder.recipient
           AND placed.reckoned_from = reminder.reckoned_from
WHERE reminder.message_id = %(message)s AND placed.place = 1
"""
)
