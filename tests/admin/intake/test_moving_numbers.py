"""A NIK or a telephone number in free text moves into the encrypted blanks by a click, or stays masked."""

import re
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from flask import Flask

from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint, Person
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.office.people import today
from models.office.settings import store_setting
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.admin.intake.test_intake_page import drawn, posted
from tests.office import Office, outside

At = Callable[[str], Visitor]
NIK, PHONE = "9973015107900007", "081234567890"
STORY = f"Nomor saya {PHONE}, NIK {NIK}. Bantuan berhenti sejak 08-07-2026."
HIDDEN = "Nomor saya 62********90, NIK 99********0007. Bantuan berhenti sejak 08-07-2026."


def person(case: int, kind: str, name: str) -> str:
    row = Person.get((Person.complaint == case) & (Person.kind == kind))
    return open_seals([case])[case].open_text(f"{kind}.{name}", getattr(row, name))


def typed_on(page: str) -> dict[str, str]:
    return {name: value.strip() for name, value in drawn(page).form_values()}


def sent_again(visitor: Visitor, page: str, **more: str) -> Any:
    fields = {**typed_on(page), **more}
    return visitor.client.post("/pengaduan/new/", data=fields, follow_redirects=True)


def test_saving_points_it_out_once_with_both_ways_and_loses_nothing(at: At, office: Office) -> None:
    visitor = at("petugas")
    answer = posted(visitor, story=STORY, asks="Mohon ditelepon.", **{"pengadu-job": "Buruh"})
    assert answer.status_code == 422
    assert not Complaint.select().exists()
    assert "Belum tersimpan. NIK 99********0007; nomor telepon 08********90." in words(answer.text)
    typed = typed_on(answer.text)
    assert (typed["story"], typed["asks"], typed["pengadu-job"]) == (STORY, "Mohon ditelepon.", "Buruh")
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
        assert (STORY in content) is vocabulary().papers[paper.kind].identity, paper.kind
        assert vocabulary().papers[paper.kind].identity or PHONE not in content


def test_a_script_gets_only_the_blanks_that_change(at: At) -> None:
    visitor = at("petugas")
    found = posted(visitor, story=STORY, do="numbers")
    assert "Pindahkan ke data pengadu" in words(found.text)
    assert "Ada nomor" not in posted(visitor, story="Rp 850.000.000 pada 08-07-2026", do="numbers").text
    fields = {"do": "lift:yang_bersangkutan", "story": STORY, "csrf_token": visitor.token()}
    answer = visitor.client.post("/pengaduan/new/", data=fields, headers={"Accept": "application/json"})
    assert answer.json == {"story": HIDDEN, "yang_bersangkutan-nik": NIK, "yang_bersangkutan-phone": PHONE}


def test_a_second_nik_has_no_room_and_stays_in_the_text(at: At) -> None:
    visitor = at("petugas")
    other = "9973015203850001"
    fields = {"do": "lift:pengadu", "story": f"NIK {NIK} dan NIK {other}", "csrf_token": visitor.token()}
    answer = visitor.client.post("/pengaduan/new/", data=fields, headers={"Accept": "application/json"})
    assert answer.json == {"story": f"NIK 99********0007 dan NIK {other}", "pengadu-nik": NIK}


def test_an_emergency_does_not_wait_for_it(at: At) -> None:
    assert posted(at("petugas"), story=STORY, title=f"KDRT, hubungi {PHONE}", emergency="y").status_code == 200
    case = Complaint.get()
    assert (case.emergency, case.title) == (True, "KDRT, hubungi 62********90")
    assert case.__data__["story"] == f"{STORY}\n\nJudul yang diketik: KDRT, hubungi {PHONE}"  # a title has none


TYPED_IN_BLANKS = {
    "pengadu-name": f"Siti {PHONE}",
    "pengadu-job": f"Buruh, WA {PHONE}",
    "pengadu-relation": f"ibu, {PHONE}",
    "yang_bersangkutan-name": f"Anak {NIK}",
    "yang_bersangkutan-group": f"anak {NIK}",
}

OUTSIDE = {"outside_what": f"{PHONE}.mp4", "outside_place": f"HP {PHONE}"}


def test_numbers_in_a_name_are_that_persons_and_leave_no_trace_in_it(at: At) -> None:
    visitor = at("petugas")
    first = posted(visitor, **TYPED_IN_BLANKS)
    assert first.status_code == 422
    assert "Belum tersimpan. NIK 99********0007; nomor telepon 08********90." in words(first.text)
    assert re.findall("Pindahkan ke data [a-z ]+", words(first.text)) == [
        "Pindahkan ke data pengadu dan yang bersangkutan "
    ]
    fields = typed_on(sent_again(visitor, first.text, do="lift:pengadu").text)
    assert (fields["pengadu-name"], fields["pengadu-phone"], fields["pengadu-nik"]) == ("Siti", PHONE, "")
    assert (fields["yang_bersangkutan-name"], fields["yang_bersangkutan-nik"]) == ("Anak", NIK)
    assert fields["pengadu-job"] == "Buruh, WA 62********90"


def test_numbers_of_the_story_go_to_the_chosen_person_and_one_in_the_name_of_the_kuasa_to_the_kuasa(at: At) -> None:
    other = "085611112222"
    visitor = at("petugas")
    first = posted(visitor, story=STORY, **{"kuasa-name": f"Ujang {other}"})
    assert "Pindahkan ke data kuasa" in words(first.text)
    fields = typed_on(sent_again(visitor, first.text, do="lift:pengadu").text)
    assert (fields["pengadu-phone"], fields["kuasa-phone"], fields["kuasa-name"]) == (PHONE, other, "Ujang")
    fields = typed_on(sent_again(visitor, first.text, do="lift:kuasa").text)
    assert (fields["pengadu-phone"], fields["kuasa-phone"]) == ("", f"{PHONE}, {other}")


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (f"Siti Aminah (HP {PHONE})", "Siti Aminah"),
        (f"Siti NIK {NIK}", "Siti"),
        (f"Siti, WA: {PHONE}", "Siti"),
        (f"Siti ({PHONE}) binti Ali", "Siti binti Ali"),
        ("Siti <siti@contoh.id>", "Siti"),
        (f"Siti, {PHONE}, Lowokwaru", "Siti, Lowokwaru"),
        (f"Siti no. HP {PHONE} / NIK {NIK}", "Siti"),
    ],
)
@pytest.mark.only("sqlite")
def test_nothing_of_a_number_is_left_in_a_name(at: At, typed: str, left: str) -> None:
    visitor = at("petugas")
    first = posted(visitor, **{"pengadu-name": typed})
    assert typed_on(sent_again(visitor, first.text, do="lift:pengadu").text)["pengadu-name"] == left


def test_the_offices_own_number_is_no_persons(at: At, office: Office) -> None:
    store_setting("office.phone", "(0341) 000001", today())
    story = f"HP {PHONE}. Kantor Anda (0341) 000001 tidak diangkat."
    visitor = at("petugas")
    first = posted(visitor, story=story)
    assert "Belum tersimpan. Nomor telepon 08********90." in words(first.text)
    fields = typed_on(sent_again(visitor, first.text, do="lift:pengadu").text)
    assert fields["pengadu-phone"] == PHONE
    assert fields["story"] == "HP 62********90. Kantor Anda (0341) 000001 tidak diangkat."


def test_what_has_no_room_is_shown_as_not_moved(at: At) -> None:
    other = "9973015203850001"
    visitor = at("petugas")
    first = posted(visitor, story=f"NIK {other}", **{"pengadu-nik": NIK})
    moved = sent_again(visitor, first.text, do="lift:pengadu")
    assert "Tidak dipindahkan: isiannya sudah memuat nomor lain." in words(moved.text)
    assert typed_on(moved.text)["story"] == f"NIK {other}"


def test_left_there_they_are_readable_only_on_the_paper_that_says_who_people_are(at: At, office: Office) -> None:
    visitor = at("petugas")
    first = posted(visitor, **OUTSIDE, **TYPED_IN_BLANKS)
    assert sent_again(visitor, first.text, do="save").status_code == 200
    [case] = [c.id for c in Complaint.select()]
    office.bring([case], "handle")
    seen = {"petugas": ("Siti 62********90", "Buruh, WA 62********90", "62********90.mp4", "HP 62********90")}
    paths = (
        f"/pengaduan/details/?id={case}",
        "/pengaduan/",
        f"/pengaduan/langkah/handle/?id={case}",
        "/riwayat/",
        "/buku-register/",
        "/cari/?q=Siti",
        "/pengaduan/export/csv/",
        "/meja/dispose/",
    )
    for name in ("petugas", "kadis", "bidang.rehsos", "pengawas"):
        pages = {path: at(name).get(path, follow_redirects=True).text for path in paths}
        assert [(name, path) for path, text in pages.items() if PHONE in text or NIK in text] == []
        assert [masked for masked in seen.get(name, ()) if masked not in words(pages[paths[0]])] == []
    seal = open_seals([case])[case]
    for paper in Paper.select():
        people = content_of(paper, seal)["persons"]
        assert (TYPED_IN_BLANKS["pengadu-name"] in str(people)) is vocabulary().papers[paper.kind].identity, paper.kind


class TestARalat:
    """The same on the intake's form as it stands."""

    @staticmethod
    def sent(visitor: Visitor, page: str, do: str, **more: str) -> Any:
        form = next(form for form in lxml.html.fromstring(page).forms if "cases" in form.fields)
        fields = {**dict(form.form_values()), "do": do, "reason": "Salah ketik", **more}
        return visitor.client.post("/pengaduan/langkah/correct/", data=fields)

    @pytest.mark.parametrize("emergency", [False, True])
    def test_points_out_once_what_was_typed_into_it_with_both_ways(
        self, at: At, office: Office, emergency: bool
    ) -> None:
        visitor, [case] = at("petugas"), office.receive(until="raise", emergency=emergency)
        page = visitor.get(f"/pengaduan/langkah/correct/?id={case}").text
        assert "Ada nomor" not in page
        first = self.sent(visitor, page, "review", story=STORY)
        assert first.status_code == 422
        assert "Belum tersimpan. NIK 99********0007; nomor telepon 08********90." in words(first.text)
        assert "Simpan ralat" not in first.text
        assert "Simpan ralat" in self.sent(visitor, first.text, "review").text
        moved = self.sent(visitor, first.text, "lift:pengadu")
        assert "Ada nomor" not in moved.text
        review = self.sent(visitor, moved.text, "review")
        assert self.sent(visitor, review.text, "perform").status_code == 303
        assert (person(case, "pengadu", "nik"), Complaint.get_by_id(case).__data__["story"]) == (NIK, HIDDEN)

    def test_offers_to_move_what_was_left_there_and_does_not_hold_it_up(self, at: At, office: Office) -> None:
        visitor, [case] = at("petugas"), office.receive(story=STORY, until="raise")
        page = visitor.get(f"/pengaduan/langkah/correct/?id={case}").text
        assert "Ada nomor di luar isiannya" in page
        assert "Simpan ralat" in self.sent(visitor, page, "review", event_place="Pasar Besar").text
        assert "Simpan ralat" in self.sent(visitor, page, "review", story=f"NIK {NIK}").text  # one of them is gone
        more = self.sent(visitor, page, "review", story=f"{STORY} Ibu saya 081255556666")
        assert more.status_code == 422
        review = self.sent(visitor, more.text, "review").text
        again = self.sent(visitor, review, "edit").text
        assert "Simpan ralat" in self.sent(visitor, again, "review").text  # it was pointed out before

    def test_gives_a_script_what_is_found_and_what_a_click_would_change_and_logs_no_opening(
        self, at: At, office: Office
    ) -> None:
        visitor, [case] = at("petugas"), office.receive(until="raise")
        version = Complaint.get_by_id(case).version
        fields = {"cases": f"{case}:{version}", "story": STORY, "csrf_token": visitor.token()}
        found = visitor.client.post("/pengaduan/langkah/correct/", data={**fields, "do": "numbers"})
        assert "Pindahkan ke data pengadu" in words(found.text)
        answer = visitor.client.post(
            "/pengaduan/langkah/correct/", data={**fields, "do": "lift:pengadu"}, headers={"Accept": "application/json"}
        )
        assert answer.json == {"story": HIDDEN, "pengadu-nik": NIK, "pengadu-phone": PHONE}
        assert not Seen.select().exists()
