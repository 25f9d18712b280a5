-- A case that came with a file says to which institution and topic the file counted it, and how it stood elsewhere: what
-- was settled outside, or is another institution's, is dated by its answer alone. A day of an answer was not kept so far.
-- proves anew: complaint
CREATE TABLE "institution" ("id" SERIAL NOT NULL PRIMARY KEY, "key" VARCHAR(200) NOT NULL, "name" VARCHAR(200) NOT NULL);
CREATE UNIQUE INDEX "institution_key" ON "institution" ("key");
CREATE TABLE "topic" ("id" SERIAL NOT NULL PRIMARY KEY, "key" VARCHAR(200) NOT NULL, "name" VARCHAR(200) NOT NULL);
CREATE UNIQUE INDEX "topic_key" ON "topic" ("key");
ALTER TABLE "complaint" ADD COLUMN "elsewhere" VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE "complaint" ADD COLUMN "institution_id" INTEGER REFERENCES "institution" ("id") ON DELETE RESTRICT;
CREATE INDEX "complaint_institution_id" ON "complaint" ("institution_id");
ALTER TABLE "complaint" ADD COLUMN "topic_id" INTEGER REFERENCES "topic" ("id") ON DELETE RESTRICT;
CREATE INDEX "complaint_topic_id" ON "complaint" ("topic_id");
UPDATE "complaint" SET "elsewhere" = 'undated' WHERE "imported" AND "state" = 'settled_outside';
UPDATE "complaint" SET "elsewhere" = CASE WHEN "closed_at" = "received_at" THEN 'undated' ELSE 'unanswered' END,
  "legal_due_at" = NULL, "answer_due_at" = NULL
WHERE "imported" AND "state" = 'forwarded' AND "last_act" = 'receive';
ALTER TABLE "import_row" ADD COLUMN "received_at" TIMESTAMP;
ALTER TABLE "import_row" ADD COLUMN "closed" BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE "import_row" ADD COLUMN "institution" VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE "import_row" ADD COLUMN "topic" VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE "import_row" ADD COLUMN "kecamatan" VARCHAR(60) NOT NULL DEFAULT '';
ALTER TABLE "import_batch" ADD COLUMN "total" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "import_batch" ADD COLUMN "problem" VARCHAR(300) NOT NULL DEFAULT '';
