"""A Berita Acara names its parties as recorded; a result that reached no recipient has one party."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from models.records.main_line import MEDIA
from papers.layout.phrases import second_party
from papers.printing.render import pdf
from tests.papers.contents import content, person
from tests.papers.reading import said, words

NIK, KUASA_NIK = "997304******0001", "997301******0007"
KUASA = person(kind="Kuasa", name="Dewi Lestari, S.H.", nik=KUASA_NIK, kelurahan="Oro-oro Dowo", kecamatan="Klojen")


def berita_acara(blanks: dict[str, Any], codes: dict[str, str], *, kuasa: bool = False, anonymous: bool = False) -> Any:
    persons = {"pengadu": {"nik": "" if anonymous else NIK, "name": "" if anonymous else "Slamet Riyadi"}}
    return content(
        "berita_acara",
        complaint={"anonymous": anonymous},
        persons={**persons, "kuasa": KUASA} if kuasa else persons,
        records={"berita_acara": {"blanks": blanks, "codes": codes}},
    )


def rows(paper: Any) -> dict[str, str]:
    return dict(second_party(paper["complaint"], paper["persons"], paper["records"]["berita_acara"]).rows)


PENGADU = {"Nama": "Slamet Riyadi", "NIK": NIK, "Kelurahan/Kecamatan": "Kotalama/Kedungkandang", "Selaku": "Pengadu"}
AS_KUASA = {
    "Nama": "Dewi Lestari, S.H.",
    "NIK": KUASA_NIK,
    "Kelurahan/Kecamatan": "Oro-oro Dowo/Klojen",
    "Selaku": "Kuasa pengadu",
    "Pengadu": "Slamet Riyadi",
}
WIFE = {"receiver": "Sri Wahyuni", "kinship": "istri"}
AS_WIFE = {"Nama": "Sri Wahyuni", "Selaku": "Keluarga pengadu (istri)", "Pengadu": "Slamet Riyadi"}
NAMELESS = {
    "Nama": "Tanpa nama (nomor register PGD/12/XI/2026)",
    "Kelurahan/Kecamatan": "Kotalama/Kedungkandang",
    "Selaku": "Pengadu",
}
TONO = {"Nama": "Tono", "Pengadu": "Slamet Riyadi"}
HERE = {"Kehadiran": "Hadir"}


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (berita_acara({}, {}), PENGADU),
        (berita_acara({}, {}, kuasa=True), {**PENGADU, "Kuasa pengadu": "Dewi Lestari, S.H."}),
        (berita_acara({"receiver": "Dewi Lestari, S.H."}, {"capacity": "kuasa"}, kuasa=True), AS_KUASA),
        (
            berita_acara({"receiver": "Dewi Lestari, S.H."}, {"capacity": ""}, kuasa=True),
            AS_KUASA,
        ),  # before it was asked
        (berita_acara({"receiver": "Tono"}, {"capacity": "kuasa"}), {**TONO, "Selaku": "Kuasa pengadu"}),
        (
            berita_acara({"receiver": "Tono"}, {"capacity": "pengadu"}),
            {"Nama": "Tono", "Selaku": "Pengadu"},
        ),  # no NIK of another person
        (berita_acara({"receiver": "Tono"}, {"capacity": "kuasa"}, kuasa=True), {**TONO, "Selaku": "Kuasa pengadu"}),
        (berita_acara(WIFE, {"capacity": "keluarga"}), AS_WIFE),
        (berita_acara({"receiver": "Tono"}, {"capacity": ""}), {**TONO, "Selaku": "Penerima penjelasan"}),
        (berita_acara({"receiver": ""}, {}, anonymous=True), NAMELESS),
    ],
)
def test_who_received_is_named_as_what_he_was_recorded(paper: Any, expected: dict[str, str]) -> None:
    assert rows(paper) == {**expected, **HERE}
    printed = said(pdf(paper))
    assert all(words(f"{label} : {value}") in printed for label, value in expected.items())
    assert ("NIK" in expected) == ("******" in printed)


@pytest.mark.parametrize(
    ("medium", "name", "expected"),
    [
        ("whatsapp", "WhatsApp", "Tidak hadir (disampaikan melalui WhatsApp)"),
        ("kanal", "Kanal asal pengaduan (SP4N-LAPOR!)", "Tidak hadir (disampaikan melalui kanal asal pengaduan)"),
        ("tatap_muka", "Tatap muka", "Hadir"),
    ],
)
def test_an_absent_recipient_was_informed_through_the_medium(medium: str, name: str, expected: str) -> None:
    assert rows(berita_acara({"medium": name}, {"medium": medium}))["Kehadiran"] == expected


@pytest.mark.parametrize("end", ["tidak_dihubungi", "anonim"])
@pytest.mark.parametrize("medium", ["tatap_muka", "telepon"])
def test_a_result_that_reached_no_recipient_has_one_party_and_one_copy(end: str, medium: str) -> None:
    alone = berita_acara(
        {"medium": "Telepon", "place": ""}, {"outcome": end, "medium": medium}, anonymous=end == "anonim"
    )
    printed = said(pdf(alone))
    for absent in ("PIHAK", "rangkap", "elalui", "bertempat", "Kehadiran", "Selaku", "kami"):
        assert absent not in printed.partition("LAMPIRAN")[0], absent
    assert words("yang bertanda tangan di bawah ini: Nama : Rina Wulandari") in printed
    assert words("Mengetahui, KEPALA DINAS,") in printed


def test_of_two_parties_the_first_bears_his_pangkat_and_both_sign_two_copies() -> None:
    printed = said(pdf(berita_acara({}, {})))
    assert words("kami yang bertanda tangan di bawah ini: Nama : Rina Wulandari") in printed
    assert words("Pangkat : Penata Jabatan : Petugas Penanganan Pengaduan selanjutnya disebut PIHAK PERTAMA") in printed
    assert words("dalam rangkap 2 (dua)") in printed


def test_who_gave_no_name_signs_as_tanpa_nama_and_the_number_stands_in_the_text() -> None:
    printed = said(pdf(berita_acara({"receiver": ""}, {}, anonymous=True)))
    _, _, signed = printed.partition(words("PIHAK PERTAMA, Tanpa nama"))
    assert signed.startswith("Wicaksono")
    told = berita_acara({"receiver": "Tono"}, {"capacity": "keluarga"}, anonymous=True)
    assert words("PIHAK PERTAMA, Tono") in said(pdf(told))


@pytest.mark.parametrize("medium", [code for code, _ in MEDIA])
def test_only_who_was_there_is_one_who_signs_in_the_first_sentence(medium: str) -> None:
    printed = said(pdf(berita_acara({"medium": dict(MEDIA)[medium]}, {"medium": medium})))
    there = medium == "tatap_muka"
    assert ("kamiyangbertandatangan" in printed) == there
    assert (words("selanjutnya disebut PIHAK PERTAMA; dan") in printed) == there
    assert (words("PIHAK PERTAMA, menerangkan bahwa penerima penjelasan ialah:") in printed) != there


def test_attempts_hang_under_their_text_and_end_with_a_point() -> None:
    alone = berita_acara({"medium": "Telepon"}, {"outcome": "tidak_dihubungi", "medium": "telepon"})
    alone["attempts"][0]["blanks"]["note"] = "Telepon tersambung, tetapi tidak diangkat oleh siapa pun, dua kali."
    printed = pdf(alone)
    assert words("belum tersambung. Telepon tersambung, tetapi tidak") in said(printed)
    assert words("dua kali. 2. 21 November") in said(printed)
    first, second = (next(x for text, x in lefts(printed) if begin in text) for begin in ("1. 20 Nov", "oleh siapa"))
    assert round(second - first) == 12


def lefts(printed: bytes) -> list[tuple[str, float]]:
    """The lines of the first page with where each begins (pt)."""
    heard: list[tuple[str, float]] = []
    PdfReader(io.BytesIO(printed)).pages[0].extract_text(
        visitor_text=lambda text, ctm, matrix, font, size: heard.append((text, matrix[4] * ctm[0] + ctm[4]))
    )
    return heard
