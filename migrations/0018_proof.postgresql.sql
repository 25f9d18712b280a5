-- Rows that count as proof have their hashes in a chain of their own, which the head of the history closes as well; what
-- stands already is proven at the start that follows (models/workflow/proof.py).
ALTER TABLE "chain" ADD COLUMN "proofs" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "chain" ADD COLUMN "proof_mac" BYTEA;
ALTER TABLE "chain" ADD COLUMN "proven" INTEGER NOT NULL DEFAULT 0;
