-- Of the berkas without a place, too: SQLite found by it what is not filed, in no order. "case_shelf_placed" replaces it.
DROP INDEX IF EXISTS "case_shelf_place_id";
