-- Until which day a case is paused. Those that are paused already were given no day, and say none.
ALTER TABLE "complaint" ADD COLUMN "paused_until" DATE;
CREATE INDEX "complaint_paused_until" ON "complaint" ("paused_until") WHERE ("paused_until" IS NOT NULL);
