-- A paper is signed by each of its signers, a mark for each: those of before are the whole paper's and name no role. What
-- waits is a row a hand, so that it is counted for each signer; a paper of before waits for one.
ALTER TABLE "paper_signed" ADD COLUMN "role" VARCHAR(40);
CREATE TABLE "waiting_paper" AS SELECT "paper_id" FROM "paper_to_sign";
DROP TABLE "paper_to_sign";
CREATE TABLE "paper_to_sign" (
  "paper_id" INTEGER NOT NULL REFERENCES "paper" ("id") ON DELETE RESTRICT,
  "role" VARCHAR(40) NOT NULL,
  PRIMARY KEY ("paper_id", "role")
);
INSERT INTO "paper_to_sign" ("paper_id", "role") SELECT "paper_id", '' FROM "waiting_paper";
DROP TABLE "waiting_paper";
