"""The variants that are looked at (bench/variants.py) are what the Composer freezes for such cases, on every paper."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.sheets import papers_of
from bench.variants import (
    ENDS,
    KUASA,
    SITUATIONS,
    WITHOUT_RECEIVER,
    changed,
    every_variant,
    variants,
)
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.demo.picture import EXAMPLE
from models.office.lists import Kelurahan, Medium
from models.records.registry import RECORDS
from papers.layout.phrases import put_on_record, when
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from sop.words import format_date
from tests.models.demo.made import TUESDAY, demo_database
from tests.office import MONDAY, Office
from tests.papers.contents import content
from tests.papers.reading import said, words

Content = dict[str, Any]
NIK = "9973041203800001"
PEOPLE = {
    "pengadu": {"name": "Siti Maslikah", "nik": NIK, "address": "Jalan Mawar 17", "phone": "081234567890", "sex": "P"},
    "yang_bersangkutan": {"name": "Suparmi", "relation": "ibu", "age": "72"},
}
DATA = {"title": "Bantuan terhenti", "asks": "Bantuan diteruskan."}
TOLD = {
    "receiver": "Siti Maslikah",
    "capacity": "pengadu",
    "medium": "tatap_muka",
    "outcome": "diterima",
    "told": "Sudah.",
}
NAMELESS = {"pengadu": {}, "yang_bersangkutan": PEOPLE["yang_bersangkutan"]}


def really(office: Office, who: str) -> dict[str, Content]:
    """The papers by kind of a case that is in this situation, all of whose acts are done at the same moments."""
    office.at = MONDAY
    entered, persons, told = dict(DATA), PEOPLE, {**TOLD, **codes_of(who)}
    if who == "anonim":
        entered, persons, told = {**DATA, "anonymous": True}, NAMELESS, {**told, "receiver": ""}
    if who == "kuasa":
        place = Kelurahan.get(name=KUASA["kelurahan"]).id
        persons = {**PEOPLE, "kuasa": {**KUASA, "kelurahan": place}}
    if who == "rahasia":
        entered["secrecy"] = "rahasia"
    if who in ("surat", "daring"):
        came = SITUATIONS[who]["complaint"]
        entered |= {"medium": Medium.get(name=came["medium"]).id, "medium_ref": came["medium_ref"]}
    [case] = office.receive(persons=persons, **entered)
    office.bring([case], "deliver")
    office.do([case], "deliver", **told)
    seal = open_seals([case])[case]
    return {
        paper.kind: comparable(content_of(paper, seal))
        for paper in Paper.select().where(Paper.complaint == case).order_by(Paper.id)
    }


def codes_of(who: str) -> dict[str, str]:
    """The blanks of the Berita Acara in this situation as they are typed."""
    told = SITUATIONS[who].get("records", {}).get("berita_acara", {"blanks": {}, "codes": {}})
    return {**told["blanks"], **told["codes"]}


def comparable(frozen: Content) -> Content:
    """A content without its own numbers and code, since another case has others."""
    text = json.dumps({**frozen, "code": {}}, ensure_ascii=False)
    for series, number in frozen["numbers"].items():
        text = text.replace(number["text"], f"<{series}>")
    return json.loads(text)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("who", [who for who in SITUATIONS if who != "pengadu"])
def test_a_variant_is_what_the_composer_freezes_for_such_a_case(office: Office, who: str) -> None:
    ordinary, real = really(office, "pengadu"), really(office, who)
    assert set(real) == {
        kind for kind, paper in vocabulary().papers.items() if who == "rahasia" or not paper.secret_only
    }
    for kind, frozen in ordinary.items():
        assert changed(frozen, SITUATIONS[who]) == real[kind], kind


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_nothing_beside_an_anonymous_pengadu_knows_his_name(kind: str) -> None:
    for name, frozen in every_variant(kind, content(kind)):
        if frozen["complaint"]["anonymous"]:
            pengadu = [frozen["persons"]["pengadu"], *(one for one in frozen["signers"] if one["role"] == "pengadu")]
            assert [part["name"] for part in pengadu] == [""], name


@pytest.mark.parametrize("kind", ["form_pengaduan", "berkas_asesmen", "nota_dinas", "berita_acara"])
def test_nothing_that_a_nameless_pengadu_hands_in_or_is_told_knows_who_he_is(kind: str) -> None:
    for name, frozen in every_variant(kind, content(kind)):
        if frozen["complaint"]["anonymous"]:
            assert not frozen["complaint"]["evidence"], name
            read = json.dumps([frozen["complaint"], frozen["records"]], ensure_ascii=False)
            assert not [word for word in ("KTP", "NIK", "Suparmi", "Rumah pengadu") if word in read], name


def test_who_received_for_the_pengadu_may_be_so_related_to_anyone() -> None:
    assert SITUATIONS["keluarga"]["records"]["berita_acara"]["blanks"]["kinship"] not in ("istri", "suami")


def test_every_end_is_shown_in_every_situation_in_which_it_can_be() -> None:
    for kind in ("berita_acara", "kutipan_berita_acara"):
        shown = {name for name, _ in every_variant(kind, content(kind))}
        for end in ENDS:
            of_it = {who for who in SITUATIONS if f"{end.replace('_', '-')}-{who}-a4" in shown}
            impossible = {"kuasa", "keluarga"} if end in WITHOUT_RECEIVER else set()
            assert of_it == set(SITUATIONS) - impossible - ({"pengadu"} if end == "anonim" else set())


def test_a_result_that_reached_nobody_is_not_said_to_have_been_told() -> None:
    for kind in ("berita_acara", "kutipan_berita_acara"):
        for name, frozen in every_variant(kind, content(kind)):
            act = frozen["records"]["berita_acara"]
            if act["codes"]["outcome"] in WITHOUT_RECEIVER:
                assert "isampaikan" not in act["blanks"]["told"], name


def test_a_result_that_reached_nobody_is_received_and_signed_by_nobody() -> None:
    for name, frozen in every_variant("berita_acara", content("berita_acara")):
        act = frozen["records"]["berita_acara"]
        typed = {**act["blanks"], **act["codes"]}
        signing = "receiver" in {one["role"] for one in frozen["signers"]}
        assert signing == (RECORDS["berita_acara"].receiver_of(typed) is not None), name
        if act["codes"]["outcome"] == "tidak_dihubungi":
            assert {one["codes"]["outcome"] for one in frozen["attempts"]} == {"missed"}


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_what_many_tests_walk_is_few(kind: str) -> None:
    """Each of them prints what `variants` gives; all others are looked at, and checked by a preflight."""
    few, all_of_them = (dict(walk(kind, content(kind))) for walk in (variants, every_variant))
    assert len(few) <= 21
    assert few.items() <= all_of_them.items()
    assert {"nama-60-f4", "nama-60-a4"} <= all_of_them.keys() - few.keys()


# A Kutipan is of the same day as the Berita Acara that it is from

ACT, EXCERPT = "berita_acara", "kutipan_berita_acara"


def kept_on(frozen: Content) -> str:
    return put_on_record(frozen["records"][ACT], frozen["paper"])


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("end", "anonymous"), [*((end, False) for end in ENDS if end != "anonim"), *((end, True) for end in ENDS)]
)
def test_the_date_on_an_excerpt_is_that_of_its_berita_acara(office: Office, end: str, anonymous: bool) -> None:
    """The result was told, or tried to be told, two days before they were issued."""
    persons: Content = {"pengadu": {"phone": "" if end == "anonim" else "081234567890"}} if anonymous else PEOPLE
    [case] = office.receive(**DATA, secrecy="rahasia", anonymous=anonymous, persons=persons)
    office.bring([case], "deliver")
    for _ in range(3 if end == "tidak_dihubungi" else 0):
        office.do([case], "attempt", medium="telepon", outcome="missed")
    told_at = office.tick()
    office.at += timedelta(days=2)
    medium = {"tidak_dihubungi": "telepon", "anonim": "kanal"}.get(end, "tatap_muka")
    receiver = "" if anonymous else TOLD["receiver"]
    how: Content = {**TOLD, "receiver": receiver, "medium": medium, "response": "Mohon kabar.", "told_at": told_at}
    office.do([case], "deliver", **{**how, "outcome": end})
    seal = open_seals([case])[case]
    rows = Paper.select().where((Paper.complaint == case) & Paper.kind.in_([ACT, EXCERPT]))
    frozen = {paper.kind: content_of(paper, seal) for paper in rows}
    day = when(kept_on(frozen[ACT]))
    assert day is not None
    assert when(kept_on(frozen[EXCERPT])) == day
    assert words(day.strftime("%d-%m-%Y")) in said(pdf(frozen[ACT]))
    assert words(f"Tanggal Berita Acara {format_date(day)} Isi") in said(pdf(frozen[EXCERPT]))
    assert day.date() == (office.at if end == "anonim" else told_at).date()


def test_so_it_is_in_the_variants_that_are_looked_at(tmp_path: Path) -> None:
    with demo_database(tmp_path, at=TUESDAY):
        shown = papers_of(Complaint.get(Complaint.title.startswith(EXAMPLE)))
        whole, excerpts = (dict(shown[kind]) for kind in (ACT, EXCERPT))
        both = whole.keys() & excerpts.keys()
        assert {"anonim", "anonim-rahasia-a4", "tidak-dihubungi-rahasia-f4"} <= both
        assert [name for name in both if kept_on(excerpts[name]) != kept_on(whole[name])] == []
