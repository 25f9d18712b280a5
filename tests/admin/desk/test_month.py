"""The end of the pile: what was decided this month, and a sheet of it to hand on."""

import io
import re
from typing import Any

from pypdf import PdfReader

from models.complaint.accesslog import Reading
from models.reading.desk import steps_of_desk
from tests.admin.desk.desktop import on_desk, send
from tests.office import Office


def test_the_sheet_of_the_month_is_handed_to_the_kepala_dinas_alone_and_logged(at: Any, office: Office) -> None:
    office.receive(2)
    for step in steps_of_desk():
        path = f"/meja/{step.key}/bulan.pdf"
        answer = at("kadis").get(path)
        [page] = PdfReader(io.BytesIO(answer.data)).pages
        assert "LEMBAR BULAN PENANGANAN PENGADUAN" in page.extract_text()
        assert 'filename="lembar-bulan-' in answer.headers["Content-Disposition"]
        for username in ("petugas", "bidang.rehsos", "pengawas", "admin"):
            assert at(username).get(path).status_code == 403
    exported = Reading.select(Reading.what, Reading.user).where(Reading.what == "lembar bulan").tuples()
    assert list(exported) == [("lembar bulan", office["kadis"].id)] * len(steps_of_desk())


def test_an_empty_desk_says_what_was_decided_this_month(at: Any, office: Office) -> None:
    kadis = at("kadis")
    assert "belum ada Nota Dinas yang diputus" in kadis.text("/meja/approve/")
    cases = on_desk(office, "approve", 2)
    send(kadis, "approve", kadis.get("/meja/approve/").text, *cases)
    text = kadis.text("/meja/approve/")
    assert re.search(r"2 Nota Dinas diputus, \d tepat waktu", text)
    assert "Bagikan lembar bulan ini" in text
