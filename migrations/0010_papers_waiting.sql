-- Which papers wait for the press and for somebody's hand was asked of every paper that was ever issued; each that
-- waits is a row now, so that the question costs what waits and not what there is. Filled with what waits today.
CREATE TABLE "paper_to_print" ("paper_id" INTEGER NOT NULL PRIMARY KEY REFERENCES "paper" ("id") ON DELETE RESTRICT);
INSERT INTO "paper_to_print" ("paper_id")
SELECT p."id" FROM "paper" p
WHERE NOT EXISTS (SELECT 1 FROM "print" x WHERE x."paper_id" = p."id")
  AND NOT EXISTS (SELECT 1 FROM "print_failure" x WHERE x."paper_id" = p."id");
CREATE TABLE "paper_to_sign" ("paper_id" INTEGER NOT NULL PRIMARY KEY REFERENCES "paper" ("id") ON DELETE RESTRICT);
INSERT INTO "paper_to_sign" ("paper_id")
SELECT p."id" FROM "paper" p
WHERE p."kind" <> 'tanda_terima' AND NOT EXISTS (SELECT 1 FROM "paper_void" x WHERE x."paper_id" = p."id")
  AND COALESCE((SELECT x."signed_on" IS NULL FROM "paper_signed" x WHERE x."paper_id" = p."id" ORDER BY x."id" DESC LIMIT 1), TRUE);
