"""Evidence handed in: with the intake or an act, one complaint at a time; what is refused loses nothing typed."""

import io
from collections.abc import Callable
from html import unescape
from typing import Any

import lxml.html
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment
from models.office.lists import Medium
from models.store.uploads import MEGABYTE
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.models.case import evidence as evidence_files
from tests.models.store.hostile_files import letter, picture
from tests.office import Office

At = Callable[[str], Visitor]
Files = list[FileStorage]
TAKES = [t for t in vocabulary().transitions.values() if t.evidence and not current_procedure().is_receive(t)]


def chosen(*files: tuple[str, bytes]) -> Files:
    return [FileStorage(io.BytesIO(data), filename=name) for name, data in files]


def fields_of(page: str, mark: str) -> dict[str, Any]:
    form = next(f for f in lxml.html.fromstring(page).forms if mark in f.fields)
    assert form.get("enctype") == "multipart/form-data"
    return {name: value for name, value in form.form_values() if name != "evidence_files"}


def received(visitor: Visitor, files: Files, **more: str) -> Any:
    return visitor.client.post("/pengaduan/new/", data={**intake_of(visitor, files), **more})


def intake_of(visitor: Visitor, files: Files) -> dict[str, Any]:
    """What the intake's form sends with these files."""
    typed = {
        "medium": str(Medium.get(code="loket").id),
        "category": "1",
        "story": "Bantuan berhenti sejak Juli.",
        "pengadu-name": "Siti Maslikah",
        "do": "save",
    }
    fields = fields_of(visitor.get("/pengaduan/new/").text, "story")
    return {**fields, **typed, "evidence_files": files}


def supplemented(visitor: Visitor, case: int, files: Files, key: str = "supplement", **more: str) -> Any:
    fields = fields_of(visitor.get(f"/pengaduan/langkah/{key}/?id={case}").text, "cases")
    data = {**fields, "do": "perform", "statement": "Susulan dari pengadu.", **more, "evidence_files": files}
    boundary, body = encode_multipart(data)  # in one piece: of a large one the client leaves a temporary file open
    kind = f"multipart/form-data; boundary={boundary}"
    return visitor.client.post(f"/pengaduan/langkah/{key}/", data=body, content_type=kind)


def test_files_and_evidence_stored_elsewhere_come_with_the_intake(office: Office, at: At) -> None:
    petugas = at("petugas")
    sent = received(
        petugas, chosen(("rumah.jpg", picture()), ("surat.pdf", letter())), outside_what="Kaset", outside_place="Rak 2"
    )
    assert sent.status_code == 303, words(sent.text)
    assert [(a.name, a.kind) for a in Attachment.select().order_by(Attachment.id)] == [
        ("rumah.jpg", "image/jpeg"),
        ("surat.pdf", "application/pdf"),
        ("Kaset", "di luar panel"),
    ]
    page = petugas.text(f"/pengaduan/details/?id={Complaint.get().id}")
    assert "rumah.jpg" in page
    assert "Kaset Di luar panel Disimpan di Rak 2" in page
    assert "Catat pengaduan · Rina Wulandari" in page


def test_a_refused_file_loses_nothing_that_was_typed_and_the_form_asks_for_files_again(office: Office, at: At) -> None:
    sent = received(at("petugas"), chosen(("rumah.jpg", picture()), ("virus.pdf", b"MZ")), asks="Penjelasan tertulis.")
    assert sent.status_code == 422
    assert "“virus.pdf”: isinya bukan JPG" in words(sent.text)
    assert "bukti di luar panel" in words(sent.text)
    assert "Pilih berkasnya sekali lagi" in words(sent.text)
    assert "Penjelasan tertulis." in unescape(sent.text)
    assert not Complaint.select().exists()
    assert not Attachment.select().exists()


@pytest.mark.parametrize("half", [{"outside_what": "Kaset"}, {"outside_place": "Rak 2"}, {"outside_what": "x" * 161}])
def test_evidence_stored_elsewhere_must_be_entered_whole(office: Office, at: At, half: dict[str, str]) -> None:
    sent = received(at("petugas"), [], **half)
    assert sent.status_code == 422
    assert next(iter(half.values())) in unescape(sent.text)
    assert not Complaint.select().exists()


def test_when_something_else_is_wrong_the_files_are_asked_for_again(office: Office, at: At) -> None:
    sent = received(at("petugas"), chosen(("rumah.jpg", picture())), story="")
    assert sent.status_code == 422
    assert "Pilih berkasnya sekali lagi" in words(sent.text)


def test_a_form_sent_without_files_adds_none(office: Office, at: At) -> None:
    assert received(at("petugas"), chosen(("", b""))).status_code == 303  # what a browser sends for an empty input
    assert not Attachment.select().exists()


@pytest.mark.parametrize("step", TAKES, ids=lambda t: t.key)
def test_every_step_that_takes_evidence_takes_it_on_its_page(office: Office, at: At, step) -> None:
    [case] = office.receive(category="odgj", emergency=True)
    while office.state(case) not in vocabulary().starts(step):
        office.do([case], office.state(case))
    person = office.actor(step, case)
    samples = {n: str(v) for n, v in office.blanks(case, step.key, person).items()}
    sent = supplemented(at(person.username), case, chosen(("rumah.png", picture("PNG"))), step.key, **samples)
    assert sent.status_code == 303, words(sent.text)
    assert (Attachment.get().name, Attachment.get().act) == ("rumah.png", step.key)


@pytest.mark.parametrize("step", [t for t in current_procedure().main_line if t.bulk], ids=lambda t: t.key)
def test_many_at_once_have_no_input_for_files(office: Office, at: At, step) -> None:
    cases = office.receive(2)
    office.bring(cases, step.key)
    page = at(office.actor(step, cases[0]).username).get(f"/pengaduan/langkah/{step.key}/?id={cases[0]}&id={cases[1]}")
    assert page.status_code == 200
    assert 'type="file"' not in page.text


def test_an_old_page_stores_no_file(office: Office, at: At) -> None:
    [case] = office.receive()
    petugas = at("petugas")
    fields = fields_of(petugas.get(f"/pengaduan/langkah/supplement/?id={case}").text, "cases")
    office.do([case], "correct", new_value={"pengadu.phone": "0812"})
    data = {**fields, "do": "perform", "statement": "Susulan.", "evidence_files": chosen(("rumah.jpg", picture()))}
    sent = petugas.client.post("/pengaduan/langkah/supplement/", data=data)
    assert sent.status_code == 409
    assert "Pilih berkasnya sekali lagi" in words(sent.text)
    assert not Attachment.select().exists()


def test_the_twenty_first_file_is_refused_in_a_sentence(office: Office, at: At) -> None:
    case = evidence_files.received(office, *(evidence_files.photo(f"foto {n}") for n in range(20)))
    sent = supplemented(at("petugas"), case, chosen(("rumah.jpg", picture())))
    assert sent.status_code == 409
    assert "paling banyak 20; sudah ada 20" in words(sent.text)
    many = supplemented(at("petugas"), case, chosen(*[("rumah.jpg", b"x")] * 21))
    assert many.status_code == 422
    assert "Paling banyak 20 berkas" in words(many.text)
    assert Attachment.select().count() == 20


def test_a_file_over_ten_megabytes_gets_a_sentence_and_a_request_over_sixteen_a_page(office: Office, at: At) -> None:
    [case] = office.receive()
    large = supplemented(at("petugas"), case, chosen(("foto.jpg", picture() + bytes(10 * MEGABYTE))))
    assert large.status_code == 422
    assert "lebih dari 10 MB" in words(large.text)
    assert "Susulan dari pengadu." in unescape(large.text)
    huge = supplemented(at("petugas"), case, chosen(("foto.jpg", bytes(17 * MEGABYTE))))
    assert huge.status_code == 413
    assert "perkecil berkasnya" in words(huge.text)
    assert not Attachment.select().exists()
