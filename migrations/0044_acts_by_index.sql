-- Whether something happened in a case's round, as an act that is news or a saved draft, is read from an index alone. Its
-- beginning serves in place of the index by case.
CREATE INDEX "event_complaint_id_round_act" ON "event" ("complaint_id", "round", "act");
DROP INDEX IF EXISTS "event_complaint_id";
