"""Earlier papers wait for one signature as before; their marks are for the whole paper, and still proven."""

from models.complaint import paper as paper_table
from models.complaint.paper import Paper, PaperHand, PaperSigned, PaperToSign, is_signed
from models.workflow import marks
from models.workflow.proof import prove_existing_rows, verified
from sop.vocabulary import CLOSED, vocabulary
from tests.models.upgraded import upgraded
from tests.office import Office

BEFORE = (
    'ALTER TABLE "paper_signed" DROP COLUMN "role"',
    'DROP TABLE "paper_hand"',
    'DROP TABLE "paper_to_sign"',
    'CREATE TABLE "paper_to_sign" ("paper_id" INTEGER NOT NULL PRIMARY KEY REFERENCES "paper" ("id"))',
    "DELETE FROM \"migration\" WHERE \"name\" IN ('0026_a_hand_a_row', '0027_a_hand_has_a_name')",
)


def test_earlier_papers_have_one_signer_and_their_proof_is_valid(office: Office, monkeypatch) -> None:
    monkeypatch.setattr("models.complaint.paper._write_signers", lambda *args: None)
    office.bring(office.receive(1), CLOSED)
    signed, *others = [p for p in Paper.select().order_by(Paper.id) if not vocabulary().papers[p.kind].side]
    marks.sign([signed], by=office["petugas"], on=office.at.date(), at=office.tick())
    prove_existing_rows()
    waiting = [f'INSERT INTO "paper_to_sign" VALUES ({paper.id})' for paper in others]
    with upgraded(office, [*BEFORE, *waiting]) as migrations:
        assert migrations == ["0026_a_hand_a_row", "0027_a_hand_has_a_name"]
        assert {row.role for row in PaperSigned.select()} == {None}
        assert [p.id for p in Paper.select().where(is_signed())] == [signed.id]
        assert set(PaperToSign.select(PaperToSign.paper, PaperToSign.role).tuples()) == {(p.id, "") for p in others}
        assert verified()[1] == []


NAMELESS = (
    'CREATE TABLE "hands" AS SELECT "id", "paper_id", "place", "role" FROM "paper_hand"',
    'DROP TABLE "paper_hand"',
    'CREATE TABLE "paper_hand" ("id" INTEGER NOT NULL PRIMARY KEY,'
    ' "paper_id" INTEGER NOT NULL REFERENCES "paper" ("id"), "place" INTEGER NOT NULL, "role" VARCHAR(40) NOT NULL)',
    'INSERT INTO "paper_hand" SELECT * FROM "hands"',
    'DROP TABLE "hands"',
    'DROP TABLE "paper_to_sign"',
    'CREATE TABLE "paper_to_sign" ("paper_id" INTEGER NOT NULL REFERENCES "paper" ("id"), "role" VARCHAR(40) NOT NULL,'
    ' PRIMARY KEY ("paper_id", "role"))',
    'INSERT INTO "paper_to_sign" SELECT "paper_id", "role" FROM "paper_hand"',
    'DELETE FROM "migration" WHERE "name" = \'0027_a_hand_has_a_name\'',
)


def test_earlier_signers_have_no_user_and_their_proof_is_valid(office: Office, monkeypatch) -> None:
    real = paper_table.insert_rows
    monkeypatch.setattr(
        paper_table,
        "insert_rows",
        lambda model, rows: (
            real(model, [{**row, "person": None} for row in rows]) if model is PaperHand else real(model, rows)
        ),
    )
    office.bring(office.receive(1), CLOSED)
    prove_existing_rows()
    waiting = set(PaperToSign.select(PaperToSign.paper, PaperToSign.role).tuples())
    with upgraded(office, NAMELESS) as migrations:
        assert migrations == ["0027_a_hand_has_a_name"]
        assert set(PaperToSign.select(PaperToSign.paper, PaperToSign.role, PaperToSign.person).tuples()) == {
            (*signer, None) for signer in waiting
        }
        assert verified()[1] == []
