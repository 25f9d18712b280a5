-- A Petugas who leaves or is ill hands her cases to another, who keeps them from then on; who recorded them stays.
ALTER TABLE "complaint" ADD COLUMN "keeper_id" INTEGER REFERENCES "user" ("id") ON DELETE RESTRICT;
CREATE INDEX IF NOT EXISTS "complaint_keeper_id" ON "complaint" ("keeper_id");
