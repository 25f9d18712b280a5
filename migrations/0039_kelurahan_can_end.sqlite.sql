-- A kelurahan is added, renamed and ended like other masters: whoever opened an old form undoes nothing.
ALTER TABLE "kelurahan" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "kelurahan" ADD COLUMN "active" INTEGER NOT NULL DEFAULT TRUE;
