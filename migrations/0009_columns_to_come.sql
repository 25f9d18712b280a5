-- An export notes the cases that it told of in its own row.
ALTER TABLE "reading" ADD COLUMN "told" TEXT;
