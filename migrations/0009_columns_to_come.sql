-- What a finished run took is counted by the database from now on; the next start works it out for those of before.
ALTER TABLE "run" ADD COLUMN "minutes" INTEGER;

-- An export notes the cases that it told of in its own row.
ALTER TABLE "reading" ADD COLUMN "told" TEXT;
