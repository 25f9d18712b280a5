-- What a finished run took is counted by the database from now on; the next start works it out for those of before.
ALTER TABLE "run" ADD COLUMN "minutes" INTEGER;

-- A case that was settled before it came into the panel has no clock.
ALTER TABLE "complaint" ALTER COLUMN "legal_due_at" DROP NOT NULL;
ALTER TABLE "complaint" ALTER COLUMN "answer_due_at" DROP NOT NULL;

-- An export notes the cases that it told of in its own row.
ALTER TABLE "reading" ADD COLUMN "told" TEXT;
