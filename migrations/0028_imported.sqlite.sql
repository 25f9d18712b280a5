-- What a file brought in is told apart: whoever imported it keeps none of it as the one who took it down.
ALTER TABLE "complaint" ADD COLUMN "imported" INTEGER NOT NULL DEFAULT FALSE;
