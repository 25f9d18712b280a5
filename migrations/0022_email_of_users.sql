-- Where a user gets letters: empty for all of before, since nobody has said.
ALTER TABLE "user" ADD COLUMN "email" VARCHAR(254);
