"""A story: a template is broken and the panel reports it to whom it concerns; mended, the next start prints all."""

from pathlib import Path
from urllib.error import HTTPError

import pytest

from models.complaint.paper import Paper, PaperToReprint, Print
from tests import sixth_row
from tests.admin.running.process import Browser, Running, running
from tests.office import Office
from tests.patience import LONGEST, wait_until

pytestmark = pytest.mark.only("sqlite")
KIND, CASES = "nota_dinas", 2
TEMPLATE = f"templates/papers/{KIND}.html"
SLIP = ("memo.subject", "memo.subjct")  # as a finger slips
WHY, AGAIN = "Dokumen tidak dapat dicetak.", "Panel mencobanya lagi dengan sendirinya pada"
CARD = "gagal-cetak"


def edit(tree: Path, old: str, new: str) -> None:
    text = (tree / TEMPLATE).read_text(encoding="utf-8")
    assert old in text
    (tree / TEMPLATE).write_text(text.replace(old, new), encoding="utf-8")


def answer(panel: Running, who: str, path: str) -> tuple[int, bytes]:
    try:
        with Browser(panel.port, who).opener.open(f"http://127.0.0.1:{panel.port}{path}", timeout=LONGEST) as response:
            return response.status, response.read()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read()


@pytest.mark.soak
def test_what_a_broken_template_delayed_is_printed_by_itself_once_it_is_mended(office: Office, tmp_path: Path) -> None:
    cases = office.receive(CASES)
    office.bring(cases, "deliver")
    issued = list(Paper.select().where(Paper.kind == KIND))
    [issuer] = {paper.issued_by.username for paper in issued}
    tree = tmp_path / "tree"
    tree.mkdir()
    sixth_row.copy(tree)
    edit(tree, *SLIP)
    with running(office.path, tree=tree) as panel:
        wait_until(lambda: Print.select().count() + PaperToReprint.select().count() == Paper.select().count())
        assert {row.paper for row in PaperToReprint.select()} == set(issued)
        for who in (issuer, "admin"):
            start = Browser(panel.port, who).text("/")
            assert all(word in start for word in (CARD, f"{CASES} dokumen gagal dicetak", WHY, AGAIN)), who
        for paper in issued:
            code, page = answer(panel, issuer, f"/dokumen/{paper.public_id}.pdf")
            assert (code, f"<h1>{paper} gagal dicetak</h1>" in page.decode()) == (409, True)
            assert all(word in page.decode() for word in (WHY, AGAIN))
    edit(tree, *reversed(SLIP))
    with running(office.path, tree=tree) as panel:
        wait_until(lambda: Print.select().count() == Paper.select().count())
        assert not PaperToReprint.select().exists()
        for who in (issuer, "admin"):
            assert CARD not in Browser(panel.port, who).text("/"), who
        for paper in issued:
            code, printed = answer(panel, issuer, f"/dokumen/{paper.public_id}.pdf")
            assert (code, printed[:5]) == (200, b"%PDF-")
