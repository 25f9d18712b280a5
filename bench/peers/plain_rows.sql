-- A plain copy of the panel's complaints (attached as `panel`): the same ids, the columns that the panel's list shows,
-- the words that it searches, and an index on everything that a peer sorts or filters by.

PRAGMA journal_mode = wal;

BEGIN;

CREATE TABLE category (id INTEGER PRIMARY KEY, name VARCHAR(120) NOT NULL);
CREATE TABLE unit (id INTEGER PRIMARY KEY, name VARCHAR(120) NOT NULL);
CREATE TABLE complaint (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL, -- in the panel's own order, so that a peer need only walk an index
    number VARCHAR(60) NOT NULL,
    title VARCHAR(200) NOT NULL COLLATE NOCASE,
    emergency BOOLEAN NOT NULL,
    urgency VARCHAR(20) NOT NULL,
    secrecy VARCHAR(10) NOT NULL,
    category_id INTEGER NOT NULL REFERENCES category (id),
    pengadu VARCHAR(120) NOT NULL,
    state VARCHAR(40) NOT NULL,
    unit_id INTEGER REFERENCES unit (id),
    row_due_at DATETIME,
    received_at DATETIME NOT NULL,
    words TEXT NOT NULL
);

INSERT INTO category SELECT id, name FROM panel.category;
INSERT INTO unit SELECT id, name FROM panel.division;
INSERT INTO complaint
SELECT
    c.id,
    row_number() OVER (
        ORDER BY c.closed_at IS NOT NULL, c.closed_at IS NULL AND c.emergency DESC, c.row_due_at NULLS LAST, c.id DESC
    ),
    c.number, c.title, c.emergency, c.urgency, c.secrecy, c.category_id,
    coalesce((SELECT name FROM panel.person p WHERE p.complaint_id = c.id AND p.kind = 'pengadu'), ''),
    c.state, c.unit_id, c.row_due_at, c.received_at,
    (SELECT group_concat(text, ' ') FROM panel.case_text t WHERE t.complaint_id = c.id)
FROM panel.complaint c
ORDER BY c.id;

CREATE UNIQUE INDEX complaint_place ON complaint (place);
CREATE UNIQUE INDEX complaint_number ON complaint (number);
CREATE INDEX complaint_title ON complaint (title);
CREATE INDEX complaint_state ON complaint (state);
CREATE INDEX complaint_category ON complaint (category_id);
CREATE INDEX complaint_unit ON complaint (unit_id);
CREATE INDEX complaint_row_due_at ON complaint (row_due_at);
CREATE INDEX complaint_received_at ON complaint (received_at);
ANALYZE main;

COMMIT;
