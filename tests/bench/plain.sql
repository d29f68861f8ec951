-- The same answers as the opponents keep them: one table a thing, joined by numbers.
CREATE SCHEMA plain;
CREATE TABLE plain.member (id int PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE plain.statement (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE plain.commitment (
    id int PRIMARY KEY, reference text NOT NULL UNIQUE,
    statement_id int NOT NULL REFERENCES plain.statement
);
CREATE TABLE plain.report (
    id int PRIMARY KEY, code text NOT NULL UNIQUE, cycle text NOT NULL,
    member_id int NOT NULL REFERENCES plain.member,
    published_on date NOT NULL, synthetic boolean NOT NULL
);
CREATE TABLE plain.answer (
    id bigint PRIMARY KEY,
    report_id int NOT NULL REFERENCES plain.report,
    commitment_id int NOT NULL REFERENCES plain.commitment,
    status text NOT NULL, narrative text, next_steps text, obstacles text,
    evidence jsonb NOT NULL, withheld boolean NOT NULL,
    UNIQUE (report_id, commitment_id)
);

INSERT INTO plain.member
SELECT m.id, m.code, n.text FROM members_member m JOIN members_name n ON n.member_id = m.id;
INSERT INTO plain.statement SELECT id, code FROM commitments_statement;
INSERT INTO plain.commitment SELECT id, reference, statement_id FROM commitments_commitment;
INSERT INTO plain.report
SELECT r.id, r.cycle || '-' || r.member, r.cycle, m.id, r.shown_from, r.synthetic
FROM reporting_publishedreport r JOIN members_member m ON m.code = r.member;
INSERT INTO plain.answer
SELECT row_number() OVER (ORDER BY a.cycle, a.member, a.commitment), a.report_id, c.id, a.status,
       j ->> 'narrative', j ->> 'next_steps', j ->> 'obstacles', j -> 'evidence', a.withheld
FROM reporting_publishedanswer a
JOIN commitments_commitment c ON c.reference = a.commitment
CROSS JOIN LATERAL (SELECT a."row"::jsonb AS j OFFSET 0) said;
CREATE INDEX ON plain.answer (commitment_id);

-- One row as the API gives it.
CREATE VIEW plain.progress AS
SELECT r.code AS report, r.cycle, json_build_object('code', m.code, 'name', m.name) AS member,
       c.reference AS commitment, s.code AS statement, a.status, a.narrative, a.next_steps,
       a.obstacles, a.evidence, a.withheld, r.published_on, r.synthetic, a.id
FROM plain.answer a
JOIN plain.report r ON r.id = a.report_id
JOIN plain.member m ON m.id = r.member_id
JOIN plain.commitment c ON c.id = a.commitment_id
JOIN plain.statement s ON s.id = c.statement_id;
