"""What is written when papers go out and come home, as use cases: files that were sent in, scans, Daftar Pengantar."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from PIL import Image

from models.case.issued_lists import issue_covering, to_sign
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.complaint.returned import (
    CONFIRM,
    REFUSED,
    RETENTION,
    WAITING,
    ReturnedFile,
    delete_expired_returns,
    pages_of,
    store_returned,
    waiting_files,
)
from models.office.settings import ISSUERS, store_setting, values
from models.store.base import now
from papers.printing import press
from papers.signing import returns
from papers.signing.reading import returned_paper
from papers.signing.returns import UNKNOWN, AssignedPages, drop_pages, judge, keep_scans
from papers.signing.scans import ScannedPage
from sop.vocabulary import CLOSED
from tests.office import Office
from tests.papers.signers import pem_of, signed_print, signers_of_nota

Act = Callable[[], object]


def picture(shade: int = 255) -> bytes:
    """A scanned page as a JPEG, as small as one can be."""
    out = io.BytesIO()
    Image.new("L", (16, 16), shade).save(out, "JPEG", dpi=(150, 150))
    return out.getvalue()


def nota_dinas(office: Office) -> Paper:
    """A paper that two sign, printed."""
    office.bring(office.receive(), CLOSED)
    paper: Paper = _latest("nota_dinas")
    press.pdf_of(paper.id)
    return paper


def _latest(kind: str) -> Paper:
    paper: Paper = Paper.select().where(Paper.kind == kind).order_by(Paper.id.desc()).get()
    return paper


def judge_waiting() -> None:
    """As the panel does, also when it was started anew."""
    while portion := waiting_files(most_bytes=1):
        judge(portion, at=now())


@contextmanager
def instead_of(name: str, answer: Any) -> Iterator[None]:
    """What the child processes find that read files is known already."""
    with patch.object(returns, name, lambda *_, **__: iter(answer)):
        yield


def taking_in(office: Office) -> Act:
    return lambda: store_returned("nota.pdf", b"%PDF-1.4", by=office["petugas"], at=office.at)


def keeping_signed(office: Office) -> Act:
    paper, signers = nota_dinas(office), signers_of_nota()
    store_setting(ISSUERS, "".join(map(pem_of, signers.values())), office.at.date())
    data = signed_print(paper, signers)
    store_returned("nota.pdf", data, by=office["petugas"], at=now())
    judged = returned_paper(data, issuers=values()[ISSUERS])

    def act() -> None:
        with instead_of("returned_papers", [judged]):
            judge_waiting()

    return act


def refusing(office: Office) -> Act:
    file = store_returned("surat.pdf", b"%PDF-1.4", by=office["petugas"], at=now())
    return lambda: ReturnedFile.get_by_id(file.id).settle(REFUSED, UNKNOWN)


def reading_scan(office: Office) -> Act:
    paper = nota_dinas(office)
    code = content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])["code"]["text"]
    store_returned("pindaian.jpg", picture(), by=office["petugas"], at=now())
    pages = [
        ScannedPage(place=1, of=3, code=code, remark="", jpeg=picture(1)),
        ScannedPage(place=2, of=3, code="", remark="Tidak ada kode.", jpeg=picture(2)),
        ScannedPage(place=3, of=3, code="", remark="Tidak dapat digambar."),
    ]

    def act() -> None:
        with instead_of("scanned_pages", pages):
            judge_waiting()

    return act


def _read_scan(office: Office) -> ReturnedFile:
    reading_scan(office)()
    return _to_confirm()


def _to_confirm() -> ReturnedFile:
    file: ReturnedFile = (
        ReturnedFile.select().where(ReturnedFile.state == CONFIRM).order_by(ReturnedFile.id.desc()).get()
    )
    return file


def confirming_scan(office: Office) -> Act:
    """Its first page, as signed; two are left."""
    return _confirming(office, _read_scan(office), _latest("nota_dinas"), signed_on=now().date())


def confirming_another(office: Office) -> Act:
    """The next page, of another paper; one is left."""
    confirming_scan(office)()
    return _confirming(office, _to_confirm(), _latest("lembar_disposisi"))


def _confirming(office: Office, file: ReturnedFile, paper: Paper, signed_on: date | None = None) -> Act:
    def act() -> None:
        fresh = ReturnedFile.get_by_id(file.id)
        keep_scans(fresh, [AssignedPages(paper, tuple(pages_of(fresh)[:1]), signed_on)], by=office["petugas"], at=now())

    return act


def dropping_rest(office: Office) -> Act:
    confirming_scan(office)()
    file = _to_confirm()
    return lambda: drop_pages(ReturnedFile.get_by_id(file.id))


def expiring(office: Office) -> Act:
    _read_scan(office)
    store_returned("nota.pdf", b"%PDF-1.4", by=office["petugas"], at=now())
    assert ReturnedFile.select().where(ReturnedFile.state == WAITING).exists()
    later = now() + RETENTION
    return lambda: delete_expired_returns(later)


def bringing(office: Office) -> Act:
    nota_dinas(office)
    at = office.tick()
    return lambda: issue_covering(to_sign(Paper.select()), by=office["petugas"], at=at, demo=False)


USE_CASES: dict[str, Callable[[Office], Act]] = {
    "take in a returned file": taking_in,
    "store a signed file": keeping_signed,
    "refuse a returned file": refusing,
    "store a scan": confirming_scan,
    "store another scan of the same file": confirming_another,
    "delete the pages that are left": dropping_rest,
    "bring papers to their signers": bringing,
}
IN_PARTS: dict[str, Callable[[Office], Act]] = {  # a transaction each: what was cut off goes on
    "read a scan": reading_scan,
    "delete what has expired": expiring,
}
