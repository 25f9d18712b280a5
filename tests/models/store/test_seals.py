"""Sealed by case: sealed values are nowhere in clear, are found by blind index, and open only where they belong."""

import base64
import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from models.complaint import event
from models.complaint.complaint import BlindIndex, CaseKey, Complaint, Person
from models.complaint.event import Event
from models.complaint.lookup import find
from models.complaint.paper import Attachment, Paper, content_of, frozen
from models.complaint.scope import viewer
from models.records.base import SealedText
from models.records.registry import RECORDS
from models.store import files, seal
from models.store.base import database
from models.store.seal import BrokenSeal
from papers.printing import press
from sop.vocabulary import vocabulary
from tests import postgres
from tests.office import KEY

CANARIES = {
    "nik": "9999029911990007",
    "phone": "08129977005544",
    "email": "kenari.surel@kicau.example",
    "address": "Jalan Kenari Emas Nomor 4711",
    "domicile": "Gang Perkutut Biru 2903",
    "safe_contact": "Lewat warung Bu Gelatik 0857-3344",
}
CORRECTED = "Jalan Murai Batu Nomor 5150"
IN_EVENT, IN_PAPER, IN_FILE = "kenari-di-riwayat-8841", "kenari-di-dokumen-8842", "kenari-di-lampiran-8843"
NAME = "Cendrawasih Terang"  # stays searchable by design: shows that the search for canaries would find them
SEALED = [(kind, name) for kind in ("pengadu", "yang_bersangkutan") for name in Person.SEALED]


def disguises(canary: str) -> Iterator[bytes]:
    """The canary's bytes as they are, and in every encoding in which they might be stored."""
    for plain in (canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")):
        yield from (plain, plain.hex().encode(), plain.hex().upper().encode())
        for shift in range(3):  # base64 of it wherever it begins
            yield base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]
    yield from (quote(canary).encode(), canary[::-1].encode(), canary.upper().encode())


def places_of(canaries: Iterable[str], office, said: str = "") -> dict[str, list[str]]:
    """Where each canary is found: the database's files, write-ahead log and all, the VAR_DIR's other files, the log."""
    ours = [p for p in office.path.parent.rglob("*") if p.is_file()]
    if (
        office.path.suffix != ".sqlite"
    ):  # the server holds other tests' databases, too, and what they have written before
        since = office.path.stat().st_mtime
        ours += [p for p in (flushed() / "data").rglob("*") if p.is_file() and p.stat().st_mtime >= since]
    places = {str(p): p.read_bytes() for p in ours} | {"log": said.encode()}
    return {
        canary: [place for place, found in places.items() if any(dress in found for dress in disguises(canary))]
        for canary in canaries
    }


def flushed() -> Path:
    """The server's folder, once all that it holds in memory is in its files."""
    with postgres.server().boss() as boss:
        boss.execute("CHECKPOINT")
    return postgres.server().folder


def opened_seal(case: int) -> seal.Seal:
    return event.open_seals([case])[case]


@pytest.fixture
def planted(office, caplog) -> int:
    """A complaint that has a canary in every sealed place, and another complaint."""
    caplog.set_level(logging.DEBUG)  # the database's own log, too, with all that is bound to its statements
    canaries = {"name": NAME, **CANARIES}
    persons = {"pengadu": canaries, "yang_bersangkutan": {**canaries, "relation": "tetangga"}}
    case, _ = office.receive(persons=persons) + office.receive(persons=persons)
    for name in CANARIES:
        office.do([case], "correct", new_value={f"yang_bersangkutan.{name}": CORRECTED + CANARIES[name]})
        office.do([case], "correct", new_value={f"yang_bersangkutan.{name}": CANARIES[name]})
    _plant_directly(case, office)
    return case


def _plant_directly(case: int, office) -> None:
    """What only the panel composes: an entry's body, a paper's content, an attachment's bytes."""
    own, by = opened_seal(case), office["petugas"].id
    row = {
        "at": office.at,
        "user": by,
        "who": "Rina",
        "complaint": case,
        "act": "draft",
        "body": {"touched": [IN_EVENT]},
    }
    paper = {
        "complaint": case,
        "kind": "tanda_terima",
        "number": "x",
        "round": 1,
        "issued_at": office.at,
        "issued_by": by,
    }
    plain = b"%PDF-1.7 " + IN_FILE.encode()
    with database.atomic():
        event.append([row], {case: own})
        Paper.insert(**frozen({"secret": IN_PAPER}, own, paper)).execute()
        Attachment.create(
            complaint=case,
            name="bukti.pdf",
            kind="application/pdf",
            size=len(plain),
            path=files.store_file(plain, own, "attachment/bukti.pdf"),
            sha256=hashlib.sha256(plain).hexdigest(),
            added_by=by,
            added_at=office.at,
        )


@pytest.fixture
def other(planted) -> int:
    return Complaint.get(Complaint.id != planted).id


def test_sealed_values_are_nowhere_in_clear(planted, office, caplog):
    press.print_queued(2)
    said = "\n".join(record.getMessage() for record in [*caplog.get_records("setup"), *caplog.records])
    assert "INSERT INTO" in said
    canaries = [*CANARIES.values(), CORRECTED, IN_EVENT, IN_PAPER, IN_FILE]
    found = places_of([NAME, *canaries], office, said)
    *elsewhere, last = found.pop(NAME)
    assert elsewhere
    assert last == "log"
    assert found == {canary: [] for canary in canaries}


@pytest.mark.only("sqlite")
def test_what_is_sealed_is_so_in_the_write_ahead_log_and_in_the_file(planted, office):
    canaries = [*CANARIES.values(), CORRECTED, IN_EVENT, IN_PAPER, IN_FILE]
    assert (office.path.parent / f"{office.path.name}-wal").stat().st_size > 0
    assert places_of(canaries, office) == {canary: [] for canary in canaries}
    database.connection().set_authorizer(None)  # the same once all has gone over into the file itself
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    found = places_of([NAME, *canaries], office)
    assert found.pop(NAME)
    assert found == {canary: [] for canary in canaries}


def test_a_search_for_a_canary_would_find_it_in_every_dress():
    canary = CANARIES["address"]
    lying_about = [
        canary.encode(),
        canary.encode("utf-16"),
        base64.b64encode(b"ab" + canary.encode() + b"cde"),
        canary.encode().hex().encode(),
        quote(canary).encode(),
    ]
    assert [any(dress in found for dress in disguises(canary)) for found in lying_about] == [True] * 5


def test_no_stored_file_is_readable(planted, office):
    press.print_queued(1)
    stored = [p for p in (office.path.parent / "files").rglob("*") if p.is_file()]
    assert len(stored) == 2  # the print and the attachment
    assert [p.name for p in stored if b"PDF" in p.read_bytes()] == []
    assert [p.name for p in stored if hashlib.sha256(p.read_bytes()).hexdigest() != p.name] == []
    attachment = Attachment.get()
    assert IN_FILE.encode() in files.fetch(attachment.path, opened_seal(planted), "attachment/bukti.pdf")


def test_the_right_seal_opens_all_of_it(planted):
    own = opened_seal(planted)
    for person in Person.select().where(Person.complaint == planted):
        assert {n: own.open_text(f"{person.kind}.{n}", getattr(person, n)) for n in CANARIES} == CANARIES
    corrections = RECORDS["correction"].select().where(RECORDS["correction"].complaint == planted)
    new_values = [json.loads(own.open_text("record/correction/new_value", c.new_value)) for c in corrections]
    assert {value for values in new_values for value in values.values()} >= set(CANARIES.values())
    entry = Event.select().where(Event.complaint == planted, Event.act == "draft").get()
    assert event.bodies([entry], {planted: own})[entry.id] == {"touched": [IN_EVENT]}
    form = Paper.select().where(Paper.complaint == planted, Paper.kind == "form_pengaduan").first()
    assert content_of(form, own)["persons"]["pengadu"]["nik"] == CANARIES["nik"]


def test_equal_values_look_alike_nowhere_but_in_the_index(planted):
    people = list(Person.select())
    for name in Person.SEALED:
        assert len({bytes(getattr(p, name)) for p in people}) == len(people)
    marks = {(row.kind, bytes(row.mark)) for row in BlindIndex.select()}
    assert {kind for kind, _ in marks} == {"nik", "phone"}
    assert len(marks) == 2


def test_a_look_up_finds_sealed_values_and_leaves_them_nowhere_in_clear(planted, other, office, caplog):
    for typed in (CANARIES["nik"], CANARIES["phone"], f"+62 {CANARIES['phone'][1:]}"):
        assert find(typed, viewer(office["petugas"])).among([planted, other]) == {planted, other}
    said = "\n".join(record.getMessage() for record in [*caplog.get_records("setup"), *caplog.records])
    assert "blind_index" in said
    canaries = [CANARIES["nik"], CANARIES["phone"], CANARIES["phone"][1:]]
    assert places_of(canaries, office, said) == {canary: [] for canary in canaries}


def test_what_belongs_to_a_person_opens_in_no_other_place(planted, other):
    for kind, name in SEALED:
        _opens_here_only(planted, other, kind, name)


def _opens_here_only(planted: int, other: int, kind: str, name: str) -> None:
    person = Person.get(Person.complaint == planted, Person.kind == kind)
    own, foreign, sealed = opened_seal(planted), opened_seal(other), getattr(person, name)
    assert own.open_text(f"{kind}.{name}", sealed) == CANARIES[name]
    elsewhere = [(k, n) for k, n in SEALED if (k, n) != (kind, name)]
    places = [(own, f"{k}.{n}") for k, n in elsewhere] + [(foreign, f"{k}.{n}") for k, n in SEALED]
    for place, label in [*places, (seal.ring().panel, f"{kind}.{name}"), (own, "record/correction/new_value")]:
        with pytest.raises(BrokenSeal):
            place.open_text(label, sealed)


def test_a_cell_moved_to_another_case_is_refused_where_it_is_read(planted, other):
    foreign = Person.get(Person.complaint == planted, Person.kind == "pengadu").nik
    Person.update(nik=foreign).where(Person.complaint == other).execute()
    moved = Person.get(Person.complaint == other, Person.kind == "pengadu")
    with pytest.raises(BrokenSeal, match="tidak dapat dibuka"):
        opened_seal(other).open_text("pengadu.nik", moved.nik)


def test_no_paper_is_issued_with_a_cell_from_another_case(planted, other, office):
    Person.update(phone=Person.address).where(Person.complaint == other).execute()
    before = office.digest()
    identity = next(
        step for step in vocabulary().transitions.values() if any(p.identity for p in step.papers) and step.start
    )
    with pytest.raises(BrokenSeal):
        office.do([other], identity.key, by="petugas", new_value={"pengadu.job": "x"})
    assert office.digest() == before


def test_a_papers_content_opens_as_no_other_paper(planted, other):
    mine = list(Paper.select().where(Paper.complaint == planted).order_by(Paper.id))
    theirs = list(Paper.select().where(Paper.complaint == other))
    assert mine[1:]
    assert theirs
    for target in (*mine[1:], *theirs):
        target.content, target.sha256 = mine[0].content, mine[0].sha256
        with pytest.raises(BrokenSeal):
            content_of(target, opened_seal(target.complaint_id))


def test_a_papers_changed_bytes_are_refused_by_their_hash_alone(planted):
    paper = Paper.select().where(Paper.complaint == planted).first()
    paper.content = opened_seal(planted).close(f"paper/{paper.public_id}", b"{}")
    with pytest.raises(BrokenSeal):
        content_of(paper, opened_seal(planted))


def test_an_entrys_body_opens_under_no_other_number(planted):
    one, two = list(Event.select().where(Event.complaint == planted).limit(2))
    two.body = one.body
    with pytest.raises(BrokenSeal):
        event.bodies([two], {planted: opened_seal(planted)})


def test_a_sealed_blank_opens_as_no_other_blank(planted, other):
    model = RECORDS["correction"]
    names = [f.name for f in model._meta.sorted_fields if isinstance(f, SealedText)]
    row = model.select().where(model.complaint == planted).first()
    assert len(names) > 1
    for name in names:
        for place in [n for n in names if n != name]:
            with pytest.raises(BrokenSeal):
                opened_seal(planted).open_text(f"record/correction/{place}", getattr(row, name))
        with pytest.raises(BrokenSeal):
            opened_seal(other).open_text(f"record/correction/{name}", getattr(row, name))


def test_a_file_opens_under_no_other_name_or_case_and_not_when_changed(planted, other, office):
    attachment, own = Attachment.get(), opened_seal(planted)
    for place, label in ((own, "attachment/lain.pdf"), (opened_seal(other), "attachment/bukti.pdf")):
        with pytest.raises(BrokenSeal):
            files.fetch(attachment.path, place, label)
    stored = office.path.parent / "files" / attachment.path
    sealed_bytes = stored.read_bytes()
    stored.write_bytes(sealed_bytes[:-1] + bytes([sealed_bytes[-1] ^ 1]))
    with pytest.raises(BrokenSeal):
        files.fetch(attachment.path, own, "attachment/bukti.pdf")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: "teks",
        lambda s: b"",
        lambda s: s[:11],
        lambda s: s[:-1],
        lambda s: s + b"\0",
        lambda s: bytes([s[0] ^ 1]) + s[1:],
        lambda s: s[:20] + bytes([s[20] ^ 1]) + s[21:],
    ],
    ids=["text", "nothing", "short", "cut", "longer", "nonce", "bit"],
)
def test_changed_bytes_do_not_open(spoil):
    own = seal.Keyring(KEY).panel
    sealed = own.close("label", b"isi yang disegel")
    with pytest.raises(BrokenSeal):
        own.open("label", spoil(sealed))


def test_a_case_key_unwraps_for_no_other_case(planted, other):
    wrapped = CaseKey.get_by_id(planted).wrapped
    CaseKey.update(wrapped=wrapped).where(CaseKey.complaint == other).execute()
    with pytest.raises(BrokenSeal):
        event.open_seals([other])
    assert event.open_seals([planted])


def test_another_panels_key_opens_nothing_and_the_history_does_not_hold_under_it(planted):
    mark = seal.ring().mark("nik", CANARIES["nik"])
    seal.install(bytes(reversed(KEY)))
    try:
        with pytest.raises(BrokenSeal):
            event.open_seals([planted])
        assert seal.ring().mark("nik", CANARIES["nik"]) != mark
        assert event.verify() == (0, "Catatan riwayat nomor 1 telah berubah.")
    finally:
        seal.install(KEY)
    assert event.verify()[1] == ""
