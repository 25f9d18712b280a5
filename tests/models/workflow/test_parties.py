"""The receiver named in a Berita Acara: refused where it would be untrue, frozen with no more data than needed."""

import json

import pytest

from models.case.content_parts import copies_of
from models.complaint import event
from models.complaint.paper import Paper, content_of
from models.office import wording
from models.workflow import workflow
from sop.signers import RECEIVER
from sop.vocabulary import vocabulary
from tests.office import COMMON, SECRET

NIK, KUASA_NIK = "9973041203800001", "9973015203850007"
PEOPLE = {
    "pengadu": {"name": "Siti Maslikah", "nik": NIK, "address": "Jalan Rahasia 17", "phone": "081234567890"},
    "kuasa": {"name": "Dewi Lestari", "nik": KUASA_NIK, "address": "Jalan Tersembunyi 4"},
    "yang_bersangkutan": {"name": "Suparmi", "nik": "9973040101500003"},
}


def frozen(office, case):
    paper = Paper.select().where((Paper.complaint == case) & (Paper.kind == "berita_acara")).get()
    return content_of(paper, event.open_seals([case])[case])


def awaiting(office, **data):
    [case] = office.receive(persons=PEOPLE, **data)
    office.bring([case], "deliver")
    return case


def test_the_paper_has_no_whole_nik_and_no_address(office):
    case = awaiting(office)
    office.do([case], "deliver", receiver="Dewi Lestari", capacity="kuasa", medium="tatap_muka", outcome="diterima")
    content = frozen(office, case)
    text = json.dumps(content, ensure_ascii=False)
    assert content["persons"]["pengadu"]["nik"] == "997304******0001"
    assert content["persons"]["kuasa"]["nik"] == "997301******0007"
    assert "nik" not in content["persons"]["yang_bersangkutan"]
    assert not [secret for who in PEOPLE.values() for key, secret in who.items() if key != "name" and secret in text]
    assert content["records"]["berita_acara"]["codes"]["capacity"] == "kuasa"
    assert copies_of(content) == 2


REFUSED = [
    ({"receiver": "Dewi Lestari", "capacity": "pengadu"}, "bernama Siti Maslikah. Pilih selaku apa"),
    ({"receiver": "Siti Maslikah", "capacity": "kuasa"}, "Tulis nama kuasa atau keluarga"),
    ({"receiver": "", "capacity": "keluarga", "kinship": "anak"}, "Tulis nama kuasa atau keluarga"),
    ({"receiver": "Tono", "capacity": "keluarga", "kinship": " "}, "Tulis hubungan keluarganya"),
]


def test_a_receiver_is_not_recorded_in_a_wrong_capacity(office):
    case = awaiting(office)
    common = {"told": "x", "outcome": "diterima", "medium": "tatap_muka", "kinship": ""}
    for blanks, sentence in REFUSED:
        typed = {**common, **blanks}
        outcome = workflow.advance([case], "deliver", by=office["petugas"], at=office.tick(), blanks=typed)
        assert sentence in outcome.refused[case]
    office.do([case], "deliver", receiver="  siti  MASLIKAH", capacity="pengadu", medium="telepon", outcome="diterima")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("receiver", "capacity"), [("Dewi Lestari", "kuasa"), ("Siti Maslikah", "pengadu")])
def test_a_receiver_informed_face_to_face_signs_himself(office, receiver, capacity):
    case = awaiting(office)
    office.do([case], "deliver", receiver=receiver, capacity=capacity, medium="tatap_muka", outcome="diterima")
    assert [signer["name"] for signer in frozen(office, case)["signers"] if signer["role"] == RECEIVER] == [receiver]


@pytest.mark.only("sqlite")
def test_a_pengadu_reached_once_is_not_unreachable_after_any_number_of_failed_attempts(office):
    case = awaiting(office)
    for outcome in ("missed", "missed", "missed", "reached"):
        office.do([case], "attempt", outcome=outcome, medium="telepon")
    blanks = {"told": "x", "outcome": "tidak_dihubungi", "medium": "telepon"}
    outcome = workflow.advance([case], "deliver", by=office["petugas"], at=office.tick(), blanks=blanks)
    assert "sudah tersambung menurut upaya" in outcome.refused[case]


def test_without_a_reachable_pengadu_no_receiver_is_required_and_one_copy_is_made(office):
    [case] = office.receive(anonymous=True, persons={"pengadu": {}})
    office.bring([case], "deliver")
    office.do([case], "deliver", receiver="", capacity="keluarga", kinship="", medium="surat", outcome="anonim")
    assert copies_of(frozen(office, case)) == 1


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("persons", "may"),
    [
        ({"pengadu": {"phone": "081234567890"}}, False),
        ({"pengadu": {"email": "siapa@contoh.id"}}, False),
        ({"pengadu": {}, "kuasa": {"name": "Tono", "phone": "081234567890"}}, True),
    ],
)
def test_an_anonymous_pengadu_with_contact_data_must_be_informed(office, persons, may):
    [case] = office.receive(anonymous=True, persons=persons)
    office.bring([case], "deliver")
    blanks = {"told": "x", "outcome": "anonim", "medium": "surat", "receiver": ""}
    outcome = workflow.advance([case], "deliver", by=office["petugas"], at=office.tick(), blanks=blanks)
    assert (outcome.done == [case], "kontaknya tercatat" in outcome.refused.get(case, "")) == (may, not may)


@pytest.mark.parametrize(("closing", "copies"), [("Dibuat rangkap 3 (tiga).", 3), ("Dibuat dua kali.", 1)])
def test_as_many_copies_are_made_as_the_office_says(closing, copies):
    frozen_wording = {"berita_acara.closing": closing}
    of_two = {"paper": {"key": "berita_acara"}, "wording": frozen_wording}
    alone = {"records": {"berita_acara": {"codes": {"outcome": "anonim"}}}}
    assert copies_of(of_two) == copies
    assert copies_of({**of_two, **alone}) == copies, "from before there was a form for one party"
    now = {name: one.text for name, one in wording.WORDING.items()}
    assert copies_of({**of_two, **alone, "wording": {**now, **frozen_wording}}) == 1


def test_of_a_rahasia_case_one_copy_is_made_and_the_paper_says_so_in_the_offices_words(office):
    for category, copies, said in (
        (SECRET, 1, "dalam rangkap 1 (satu) untuk"),
        (COMMON, 2, "dalam rangkap 2 (dua) untuk"),
    ):
        case = awaiting(office, category=category)
        office.do([case], "deliver", receiver="Dewi Lestari", capacity="kuasa", medium="tatap_muka", outcome="diterima")
        content = frozen(office, case)
        assert said in content["wording"]["berita_acara.closing"]
        assert copies_of(content) == copies
    before = {**content, "complaint": {**content["complaint"], "is_secret": True}}
    assert copies_of(before) == 1, "also one that was frozen as of two"


ONLY_SECRET = [
    (act.key, paper.key) for act in vocabulary().transitions.values() for paper in act.papers if paper.secret_only
]


@pytest.mark.parametrize(("act", "kind"), ONLY_SECRET)
def test_what_the_pengadu_takes_home_of_a_rahasia_paper_is_issued_for_a_rahasia_case_alone(office, act, kind):
    for category, issued in ((SECRET, 1), (COMMON, 0)):
        [case] = office.receive(persons=PEOPLE, category=category)
        office.bring([case], act)
        office.do([case], act)
        mine = Paper.select().where((Paper.complaint == case) & (Paper.kind == kind))
        assert mine.count() == issued, category
