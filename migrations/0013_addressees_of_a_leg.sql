-- Who is addressed in a case was looked for among all that its unit or the person was ever addressed in, once a row of a
-- list: at ten thousand cases a second of a page. SQLite keeps no statistics here; two columns win over one.
CREATE INDEX IF NOT EXISTS "addressee_complaint_id_leg" ON "addressee" ("complaint_id", "leg");
