-- The cases of a state by time, and those of a unit, with all that the figures of months and weeks depend on: they are
-- counted without reading a case. The index by unit and state is the beginning of one of them.
CREATE INDEX "complaint_state_received" ON "complaint" ("state", "received_at", "imported", "row_late", "row_due_at");
CREATE INDEX "complaint_state_ended" ON "complaint" ("state", "closed_at", "elsewhere", "row_late", "row_due_at", "legal_due_at");
CREATE INDEX "complaint_unit_received" ON "complaint" ("unit_id", "state", "received_at", "imported", "row_late", "row_due_at");
CREATE INDEX "complaint_unit_ended" ON "complaint" ("unit_id", "state", "closed_at", "elsewhere");
DROP INDEX "complaint_unit_id_state";
