-- What a pengawas reads is noted with the Surat Tugas that he reads under.
ALTER TABLE "seen" ADD COLUMN "mandate_id" INTEGER REFERENCES "mandate" ("id") ON DELETE RESTRICT;
