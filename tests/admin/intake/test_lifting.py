"""A NIK or a telephone number in what is told goes into the sealed blanks with one tap, or stays and is told masked."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from models.tables.complaint import Complaint, Person
from models.tables.event import open_seals
from models.tables.paper import Paper, content_of
from sop import flow
from tests.admin.doors import Visitor, words
from tests.admin.intake.test_intake_page import drawn, posted
from tests.office import Office, outside

At = Callable[[str], Visitor]
NIK, PHONE = "3573015107900007", "081234567890"
STORY = f"Nomor saya {PHONE}, NIK {NIK}. Bantuan berhenti sejak 08-07-2026."
HIDDEN = "Nomor saya 62********90, NIK 35********0007. Bantuan berhenti sejak 08-07-2026."


def person(case: int, kind: str, name: str) -> str:
    row = Person.get((Person.complaint == case) & (Person.kind == kind))
    return open_seals([case])[case].open_text(f"{kind}.{name}", getattr(row, name))


def typed_on(page: str) -> dict[str, str]:
    return {name: value.strip() for name, value in drawn(page).form_values()}


def sent_again(visitor: Visitor, page: str, **more: str) -> Any:
    fields = {**typed_on(page), **more}
    return visitor.client.post("/pengaduan/new/", data=fields, follow_redirects=True)


def test_saving_tells_of_it_once_with_both_ways_and_loses_nothing(at: At, office: Office) -> None:
    visitor = at("petugas")
    answer = posted(visitor, story=STORY, asks="Mohon ditelepon.", **{"pengadu-job": "Buruh"})
    assert answer.status_code == 422
    assert not Complaint.select().exists()
    assert "Belum tersimpan. NIK 35********0007; nomor telepon 08********90." in words(answer.text)
    kept = typed_on(answer.text)
    assert (kept["story"], kept["asks"], kept["pengadu-job"]) == (STORY, "Mohon ditelepon.", "Buruh")
    moved = sent_again(visitor, answer.text, do="lift:pengadu")
    fields = typed_on(moved.text)
    assert (fields["story"], fields["pengadu-nik"], fields["pengadu-phone"]) == (HIDDEN, NIK, PHONE)
    assert sent_again(visitor, moved.text, do="save").status_code == 200
    case = Complaint.get()
    assert (person(case.id, "pengadu", "nik"), person(case.id, "pengadu", "phone")) == (NIK, PHONE)
    with outside(office.path) as raw:
        [(story,)] = raw.execute("SELECT story FROM complaint").fetchall()
    assert story == HIDDEN


def test_left_there_it_is_masked_for_everybody_and_whole_on_the_paper_that_says_who_people_are(
    at: At, office: Office, panel: Flask
) -> None:
    visitor = at("petugas")
    first = posted(visitor, story=STORY, title=f"Bantuan {PHONE}")
    assert sent_again(visitor, first.text, do="save").status_code == 200
    [case] = [c.id for c in Complaint.select()]
    office.bring([case], "handle")
    office.do([case], "supplement", by="petugas", statement=f"Tetangga: {PHONE}")
    pages = (
        f"/pengaduan/details/?id={case}",
        "/pengaduan/",
        "/riwayat/",
        f"/cari/?q={PHONE}",
        "/pengaduan/export/csv/",
    )
    for name in ("petugas", "kadis", "bidang.rehsos", "pengawas"):
        who = at(name)
        for path in pages:
            text = who.get(path, follow_redirects=True).text.replace(f'value="{PHONE}"', "").replace(f"“{PHONE}”", "")
            assert not re.search(rf"{NIK}|(Nomor saya|Bantuan|Tetangga:) {PHONE}", text), (name, path)
    assert "Tetangga: 62********90" in at("kadis").text(f"/pengaduan/details/?id={case}")
    seal = open_seals([case])[case]
    for paper in Paper.select():
        content = str(content_of(paper, seal))
        assert (STORY in content) is flow.PAPERS[paper.kind].identity, paper.kind
        assert flow.PAPERS[paper.kind].identity or PHONE not in content


def test_a_script_is_told_only_the_blanks_that_change(at: At) -> None:
    visitor = at("petugas")
    found = posted(visitor, story=STORY, do="numbers")
    assert "Pindahkan ke data pengadu" in words(found.text)
    assert "Ada nomor" not in posted(visitor, story="Rp 850.000.000 pada 08-07-2026", do="numbers").text
    told = {"do": "lift:yang_bersangkutan", "story": STORY, "csrf_token": visitor.token()}
    answer = visitor.client.post("/pengaduan/new/", data=told, headers={"Accept": "application/json"})
    assert answer.json == {"story": HIDDEN, "yang_bersangkutan-nik": NIK, "yang_bersangkutan-phone": PHONE}


def test_a_second_nik_has_no_room_and_stays_where_it_was_told(at: At) -> None:
    visitor = at("petugas")
    other = "3573015203850001"
    told = {"do": "lift:pengadu", "story": f"NIK {NIK} dan NIK {other}", "csrf_token": visitor.token()}
    answer = visitor.client.post("/pengaduan/new/", data=told, headers={"Accept": "application/json"})
    assert answer.json == {"story": f"NIK 35********0007 dan NIK {other}", "pengadu-nik": NIK}


def test_nobody_in_danger_waits_for_it(at: At) -> None:
    assert posted(at("petugas"), story=STORY, emergency="y").status_code == 200
    assert Complaint.get().emergency
