-- Each of these has its column in common with the beginning of another index of its table, which serves as well.
DROP INDEX IF EXISTS "addressee_complaint_id";
DROP INDEX IF EXISTS "number_complaint_id";
DROP INDEX IF EXISTS "paper_complaint_id";
DROP INDEX IF EXISTS "paper_hand_paper_id";
DROP INDEX IF EXISTS "paper_to_sign_paper_id";
DROP INDEX IF EXISTS "person_complaint_id";
DROP INDEX IF EXISTS "run_complaint_id";
