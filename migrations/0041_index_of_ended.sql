-- What a month counts of the cases that have ended, or ended later, is read from an index alone.
CREATE INDEX "complaint_closed_at_received_at_state_elsewhere" ON "complaint" ("closed_at", "received_at", "state", "elsewhere");
