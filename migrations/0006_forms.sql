-- A form that is sent twice becomes one complaint: each complaint keeps the digest of the form that it came by, if any.
ALTER TABLE "complaint" ADD COLUMN "form_digest" VARCHAR(64);
CREATE UNIQUE INDEX IF NOT EXISTS "complaint_form_digest" ON "complaint" ("form_digest");
