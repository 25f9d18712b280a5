-- A unit may have a letterhead of its own: empty for all of before, whose papers bear the office's.
ALTER TABLE "division" ADD COLUMN "address" VARCHAR(200);
ALTER TABLE "division" ADD COLUMN "phone" VARCHAR(60);
ALTER TABLE "division" ADD COLUMN "web" VARCHAR(160);
ALTER TABLE "division" ADD COLUMN "postcode" VARCHAR(10);
