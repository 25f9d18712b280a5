-- What a month counts of the cases that have ended, or ended later, is read from an index alone.
CREATE INDEX "complaint_ended" ON "complaint" ("closed_at", "received_at", "state", "elsewhere");
