-- A PDF that comes back is found by the hash of the print that it begins with.
CREATE INDEX "print_sha256" ON "print" ("sha256");
