"""A Berita Acara names its parties as recorded; a result that reached no recipient has one party.

And what its Lampiran says of that, how its lines break, how its signatures stand."""

import io
import re
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from bench.variants import NAME, PLH, POST, TITLE, VISITOR
from models.records.main_line import ATTEMPT_OUTCOMES, MEDIA
from papers.layout.phrases import second_party
from papers.layout.screen import sheet
from papers.layout.slips import SIZES
from papers.printing.render import pdf
from tests.papers.contents import HEAD, content, merged, person
from tests.papers.reading import last_box, lines, pages, said, strokes, words

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


def test_who_gave_no_name_signs_in_brackets_and_the_number_stands_in_the_text() -> None:
    printed = said(pdf(berita_acara({"receiver": ""}, {}, anonymous=True)))
    _, _, signed = printed.partition(words("PIHAK PERTAMA, (tanpa nama)"))
    assert signed.startswith("Wicaksono")
    told = berita_acara({"receiver": "Tono"}, {"capacity": "keluarga"}, anonymous=True)
    assert words("PIHAK PERTAMA, Tono") in said(pdf(told))


@pytest.mark.parametrize("medium", [code for code, _ in MEDIA])
def test_only_who_was_there_is_one_who_signs_in_the_first_sentence(medium: str) -> None:
    printed = said(pdf(berita_acara({"medium": dict(MEDIA)[medium]}, {"medium": medium})))
    there = medium == "tatap_muka"
    assert ("kamiyangbertandatangan" in printed) == there
    assert (words("selanjutnya disebut PIHAK PERTAMA; dan") in printed) == there
    first = "PIHAK PERTAMA, menerangkan telah menyampaikan hasil penanganan pengaduan kepada:"
    assert (words(first) in printed) != there


def test_attempts_hang_under_their_text_and_end_with_a_point() -> None:
    alone = berita_acara({"medium": "Telepon"}, {"outcome": "tidak_dihubungi", "medium": "telepon"})
    alone["attempts"][0]["blanks"]["note"] = "Telepon tersambung, tetapi tidak diangkat oleh siapa pun, dua kali."
    printed = pdf(alone)
    assert words("tidak tersambung. Telepon tersambung, tetapi tidak") in said(printed)
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


OF_SIZES = pytest.mark.parametrize("size", ["F4", "A4"])
RESPONSE = "Pengadu memahami penjelasan dan bersedia menunggu tahap berikutnya."


def ending_with(outcome: str = "diterima", *, size: str = "F4", response: str = "", **changes: Any) -> dict[str, Any]:
    act = {"blanks": {"outcome": "Diterima", "response": response}, "codes": {"outcome": outcome}}
    frozen = content("berita_acara", office={"size": size}, records={"berita_acara": act})
    for name, value in changes.items():
        frozen[name] |= value
    return frozen


def printed_lines(frozen: dict[str, Any]) -> list[list[str]]:
    """The lines of each page, with plain blanks."""
    return [[" ".join(line.split()) for line in page.splitlines()] for page in pages(pdf(frozen))]


def lampiran(frozen: dict[str, Any]) -> str:
    return said(pdf(frozen)).partition("LAMPIRAN")[2]


def test_what_was_tried_stands_in_the_lampiran_and_is_not_judged_by_the_standard() -> None:
    last = lampiran(ending_with("tidak_dihubungi")).partition(words("Petugas menyampaikan hasil"))[2]
    assert words("Hasil penanganan tidak dapat disampaikan; hasil") in said(pdf(ending_with("tidak_dihubungi")))
    assert ATTEMPT_OUTCOMES[1][1] == "Tidak tersambung"
    for day in (20, 21, 22):
        assert words(f"{day} November 2026 09.00 (telepon)") in last
    assert words("Tidak dapat disampaikan (3 upaya)") in last
    assert not [word for word in ("Sesuai", "Lewat", "Menunggu") if word in last]


def test_a_result_that_nobody_could_be_told_is_kept_and_not_judged_by_the_standard() -> None:
    last = lampiran(ending_with("anonim")).partition(words("Petugas menyampaikan hasil"))[2]
    assert words("24 November 2026 09.50 Tidak disampaikan (hasil disimpan)") in last
    assert not [word for word in ("Sesuai", "Lewat", "Menunggu", "(telepon)", "menit)", "09.45") if word in last]


def test_a_result_that_nobody_could_be_told_is_put_on_record_when_it_is_kept() -> None:
    moments = {"berita_acara": {"moments": {"told_at": "2026-11-23T09:45:00+07:00"}}}
    frozen = merged(ending_with("anonim"), {"records": moments})
    first, annex = (words(page) for page in pages(pdf(frozen)))
    assert words("Pada hari ini, Selasa, tanggal Dua Puluh Empat") in first
    assert words("(24-11-2026), pukul 09.50 WIB") in first
    assert words("tanggal 24 November 2026 Waktu penanganan") in annex
    assert words("24 November 2026 09.50 Tidak disampaikan (hasil disimpan)") in annex
    tried = merged(ending_with("tidak_dihubungi"), {"records": moments})
    assert words("(23-11-2026), pukul 09.45 WIB") in said(pdf(tried))


@OF_SIZES
def test_what_took_less_than_a_minute_is_no_zero_and_has_one_time(size: str) -> None:
    frozen = ending_with(size=size)
    at, later = "2026-11-24T10:02:05+07:00", "2026-11-24T10:02:40+07:00"
    frozen["clocks"][-1] |= {"runs": [[at, later, 0]], "minutes": 0, "waiting": 0, "late": False}
    last = lampiran(frozen).partition(words("Petugas menyampaikan hasil"))[2]
    assert words("24 November 2026 10.02 kurang dari 1 menit Sesuai standar") in last
    assert "10.02–" not in last
    frozen["clocks"][-1] |= {"runs": [["2026-11-24T20:00:00+07:00", "2026-11-24T21:00:00+07:00", 0]]}
    assert words("20.00–21.00 0 menit") in lampiran(frozen)  # outside the hours of work


@OF_SIZES
def test_an_activity_of_the_lampiran_takes_four_lines_at_most(size: str) -> None:
    page = printed_lines(ending_with(size=size))[-1]
    first = next(at for at, line in enumerate(page) if "Pengadu menyampaikan" in line)
    assert any("media pengaduan daring" in line or line.endswith("daring") for line in page[first : first + 4])
    assert not [line for line in page if re.search(r"20\d\d \d\d\.\d\d", line)]  # a time stands on a line of its own


@OF_SIZES
def test_a_name_of_sixty_letters_takes_one_line_among_the_facts_of_a_party(size: str) -> None:
    frozen = ending_with(size=size)
    frozen["records"]["berita_acara"]["blanks"]["receiver"] = VISITOR
    assert words(VISITOR) in [words(line.text).removeprefix("Nama").removeprefix(":") for line in lines(pdf(frozen))[0]]


@pytest.mark.parametrize("outcome", ["diterima", "keberatan"])
def test_a_result_that_was_told_is_judged_by_the_standard(outcome: str) -> None:
    last = lampiran(ending_with(outcome)).partition(words("Petugas menyampaikan hasil"))[2]
    assert words("5 menit Sesuai standar Menunggu: 5 menit") in last


def test_the_lampiran_says_that_its_rows_are_adapted_what_a_day_is_and_what_waiting_is() -> None:
    note = "Rumusan kegiatan disesuaikan; bunyi aslinya pada lembar SOP."
    assert words(f"{note} 1 hari dihitung sebagai 1 hari kerja.") in lampiran(ending_with())
    hours = [row for row in ending_with()["clocks"] if "hari" not in row["norm"]]
    waiting = "“Menunggu” adalah jam kerja sebelum kegiatan dimulai, tidak dihitung terhadap standar."
    assert lampiran({**ending_with(), "clocks": hours}).endswith(words(f"{note} {waiting}"))
    assert lampiran({**ending_with("anonim"), "clocks": hours}).endswith(words(note))  # whose row says no "Menunggu"


def test_who_could_not_be_told_is_named_and_of_a_rahasia_case_is_not() -> None:
    for complaint, said_of_him in (
        ({}, "bagi pengadu Slamet Riyadi adalah"),
        ({"anonymous": True}, "bagi pengadu tanpa nama adalah"),
        ({"is_secret": True}, "bagi pengadu yang identitasnya dirahasiakan adalah"),
    ):
        assert words(f"hasil penanganan pengaduan yang disiapkan {said_of_him}") in said(
            pdf(ending_with("tidak_dihubungi", complaint=complaint))
        )


def test_nobody_makes_sure_who_he_is_that_gave_no_name() -> None:
    asked = words("dapat ditanyakan oleh pengadu sendiri atau kuasanya dengan menyebut nomor register, setelah")
    nameless = said(pdf(ending_with("tidak_dihubungi", complaint={"anonymous": True})))
    assert asked not in nameless
    assert words("dapat ditanyakan dengan menyebut nomor register. Upaya penyampaian telah dilakukan 3") in nameless
    assert asked in said(pdf(ending_with("tidak_dihubungi")))


@OF_SIZES
def test_no_line_of_the_lampiran_parts_what_is_kept(size: str) -> None:
    assert any("(hasil disimpan)" in line for line in printed_lines(ending_with("anonim", size=size))[-1])


def test_a_medium_within_a_sentence_is_without_what_explains_it() -> None:
    medium = {"codes": {"medium": "kanal"}, "blanks": {"medium": dict(MEDIA)["kanal"]}}
    told = said(pdf(content("berita_acara", records={"berita_acara": medium})))
    assert words("kepada PIHAK KEDUA melalui kanal asal pengaduan pada tanggal") in told
    frozen = ending_with("tidak_dihubungi")
    frozen["attempts"][0]["blanks"]["medium"] = dict(MEDIA)["kanal"]
    tried = said(pdf(frozen))
    assert words("09.00 WIB, kanal asal pengaduan: tidak tersambung.") in tried
    assert words("09.00 (kanal asal pengaduan)") in tried


@OF_SIZES
def test_no_line_parts_a_duration_or_a_party(size: str) -> None:
    frozen = ending_with(size=size)
    frozen["clocks"][-1] |= {"waiting": 104}
    printed = printed_lines(frozen)
    assert any("Menunggu: 1 jam 44 menit" in line for line in printed[-1])
    assert any("1 hari kerja" in line for line in printed[-1])
    assert not [line for page in printed for line in page if line.endswith("PIHAK")]


@pytest.mark.parametrize(
    ("outcome", "is_introduced"), [("diterima", True), ("diterima_catatan", False), ("keberatan", False)]
)
def test_what_he_said_is_introduced_once(outcome: str, is_introduced: bool) -> None:
    text = said(pdf(ending_with(outcome, response=RESPONSE)))
    assert (words(f"PIHAK KEDUA memberikan keterangan sebagai berikut: {RESPONSE}") in text) == is_introduced
    assert words(f": {RESPONSE}") in text


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        ("Loket pengaduan dinas", "loket pengaduan dinas"),
        ("Rumah pengadu", "rumah pengadu"),
        ("Rumah Sakit Saiful Anwar", "Rumah Sakit Saiful Anwar"),
        ("Malang", "Malang"),
    ],
)
def test_a_place_stands_within_the_sentence(place: str, printed: str) -> None:
    frozen = ending_with()
    frozen["records"]["berita_acara"]["blanks"]["place"] = place
    assert words(f"bertempat di {printed}, kami") in said(pdf(frozen))


@OF_SIZES
def test_a_name_beside_two_others_is_not_parted(size: str) -> None:
    printed = pdf(ending_with(size=size, response=RESPONSE, kepala_dinas=PLH))
    assert len(pages(printed)) == 2  # with the Lampiran
    [names] = [line.text for line in lines(printed)[0] if "Endang" in line.text]
    assert words(names).find(words(PLH["name"])) >= 0


@pytest.mark.parametrize("receiver", ["Slamet Riyadi", "Dra. Endang Sulistyowati"])
@OF_SIZES
def test_signatures_stand_level_six_millimetres_apart(size: str, receiver: str) -> None:
    frozen = ending_with(
        size=size, kepala_dinas={"name": "Dr. Harsono Wibisana, M.Si."}, signer={"name": "Rahayu Candrawati, S.Sos."}
    )
    frozen["records"]["berita_acara"]["blanks"]["receiver"] = receiver
    printed = pdf(frozen)
    assert len(pages(printed)) == 2  # with the Lampiran
    names = [last_box(printed, text) for text in (receiver, "Dr. Harsono Wibisana, M.Si.", "Rahayu Candrawati, S.Sos.")]
    numbers = [last_box(printed, f"NIP. {one['nip']}") for one in (frozen["kepala_dinas"], frozen["signer"])]
    for row in (names, numbers):
        assert max(upper for *_, upper in row) - min(upper for *_, upper in row) < 1
        apart = [right[0] - left[2] for left, right in pairwise(row)]
        assert min(apart) * 25.4 / 72 >= 6, apart


SIGNERS: dict[str, dict[str, Any]] = {"ordinary": HEAD, "plh": PLH, "long": {"name": NAME, "title": POST}}


@pytest.mark.parametrize("who", SIGNERS)
@OF_SIZES
def test_who_signs_is_named_in_letters_as_large_as_the_text(size: str, who: str) -> None:
    chief = {**HEAD, "name": "Dr. Harsono Wibisana, M.Si."} if who == "ordinary" else SIGNERS[who]
    signing = [line for page in lines(pdf(ending_with(size=size, kepala_dinas=chief))) for line in page]
    assert {round(line.size, 1) for line in signing if "NIP." in line.text} == {11}


@OF_SIZES
@pytest.mark.parametrize("chief", [{"name": "Dr. Harsono Wibisana, M.Si."}, PLH], ids=["ordinary", "plh"])
def test_mengetahui_stands_about_the_axis_of_the_text_and_the_parties_equally_far_from_it(
    size: str, chief: dict[str, str]
) -> None:
    """On A4 two NIP beside one another move all three by some 3 mm, a longer name by some 5 on both papers."""
    frozen = ending_with(size=size, kepala_dinas=chief, signer={"name": "Rahayu Candrawati, S.Sos."})
    frozen["records"]["berita_acara"]["blanks"]["receiver"] = "Yuni Astutik"
    printed, wide = pdf(frozen), SIZES[size][0]
    post = chief.get("title", "KEPALA DINAS")
    boxes = [last_box(printed, f"{title},") for title in ("PIHAK KEDUA", post, "PIHAK PERTAMA")]
    left, middle, right = ((begin + end) / 2 * 25.4 / 72 - (30 + wide - 20) / 2 for begin, _, end, _ in boxes)
    if chief is not PLH:
        assert abs(middle) < {"F4": 1, "A4": 3.5}[size], middle
    at_the_margin = abs(boxes[0][0] * 25.4 / 72 - 30) < 1
    assert abs(left + right - 2 * middle) < 0.5 or (at_the_margin and left + right > 2 * middle), (left, middle, right)
    ends = [last_box(printed, f"NIP. {one['nip']}")[2] for one in (frozen["kepala_dinas"], frozen["signer"])]
    assert max(ends) * 25.4 / 72 <= wide - 20


@pytest.mark.parametrize(
    ("receiver", "chief", "officer"),
    [(NAME, NAME, NAME), ("Muhammad Abdurrahman Setiawan", PLH["name"], "Rahayu Candrawati, S.Sos.")],
)
def test_names_over_more_than_one_line_stand_in_equal_columns(receiver: str, chief: str, officer: str) -> None:
    frozen = ending_with(kepala_dinas={"name": chief}, signer={"name": officer})
    frozen["records"]["berita_acara"]["blanks"]["receiver"] = receiver
    printed = pdf(frozen)
    boxes = [last_box(printed, f"{title},") for title in ("PIHAK KEDUA", "KEPALA DINAS", "PIHAK PERTAMA")]
    left, middle, right = ((begin + end) / 2 * 25.4 / 72 - (30 + 215 - 20) / 2 for begin, _, end, _ in boxes)
    assert abs(middle) < 1
    assert abs(left + right - 2 * middle) < 0.5
    assert abs(right - left - 2 * (215 - 50) / 3) < 6  # NIP is 51 mm wide


@OF_SIZES
def test_short_names_stand_in_three_equal_columns(size: str) -> None:
    frozen = ending_with(size=size, kepala_dinas={"name": "Budi", "nip": ""}, signer={"name": "Ani", "nip": ""})
    left, middle, right = (
        sum(last_box(pdf(frozen), title)[:3:2]) / 2 for title in ("PIHAK KEDUA,", "KEPALA DINAS,", "PIHAK PERTAMA,")
    )
    column = (SIZES[size][0] - 50) / 3 * 72 / 25.4
    assert [middle - left, right - middle] == pytest.approx([column] * 2, abs=1)


@pytest.mark.parametrize("who", [{}, {"capacity": "kuasa"}])
@OF_SIZES
def test_names_of_sixty_letters_leave_a_berita_acara_on_one_sheet(size: str, who: dict[str, str]) -> None:
    """Else most of a page would stay empty above the signatures on the next."""
    frozen = ending_with(
        size=size,
        response=RESPONSE,
        complaint={"title": TITLE},
        kepala_dinas={"name": NAME},
        signer={"name": NAME, "title": POST},
    )
    frozen["records"]["berita_acara"]["blanks"]["receiver"] = VISITOR
    frozen["records"]["berita_acara"]["codes"] |= who
    first, annex = pages(pdf(frozen))
    assert words(first).index("Mengetahui,") < words(first).rindex(words(NAME))
    assert "LAMPIRAN" in annex


def test_the_lines_of_every_berita_acara_stand_equally_far_apart() -> None:
    long = {"name": NAME, "title": POST}
    leads = set[float]()
    for size in SIZES:
        for outcome, chief in (("diterima", {}), ("anonim", {}), ("tidak_dihubungi", {}), ("diterima", long)):
            first = lines(pdf(ending_with(outcome, size=size, kepala_dinas=chief)))[0]
            at = next(number for number, line in enumerate(first) if "Pada hari ini" in line.text)
            leads.add(first[at].mm - first[at + 1].mm)
    assert max(leads) - min(leads) < 0.15, leads


def test_mengetahui_stands_eight_millimetres_below_the_two_parties() -> None:
    frozen = ending_with(kepala_dinas={"name": NAME, "title": POST})
    printed = pdf(frozen)
    on = next(number for number, page in enumerate(pages(printed)) if "Mengetahui," in page)
    under = last_box(printed, f"NIP. {frozen['signer']['nip']}", on)[1] - last_box(printed, "Mengetahui,", on)[3]
    assert under * 25.4 / 72 >= 8


@OF_SIZES
def test_a_mark_and_the_number_of_a_later_page_stand_apart(size: str) -> None:
    printed = pdf(ending_with(size=size, paper={"draft": True}))
    upper, number = last_box(printed, "sebagai dokumen dinas", 1), last_box(printed, "- 2 -", 1)
    assert (upper[1] - number[3]) * 25.4 / 72 >= 3


@OF_SIZES
def test_the_heading_of_the_lampiran_is_as_far_from_its_rule_as_the_table_below(size: str) -> None:
    printed = pdf(ending_with(size=size))
    number, title = last_box(printed, "tanggal 24 November 2026", 1), last_box(printed, "Waktu penanganan", 1)
    [rule] = {y for (_, y), (_, end) in strokes(printed, 1) if y == end and title[3] < y < number[1]}
    assert abs((number[1] - rule) - (rule - title[3])) * 25.4 / 72 < 1


@OF_SIZES
def test_no_word_of_a_post_stands_alone_on_its_last_line(size: str) -> None:
    frozen = ending_with(size=size, signer={"title": POST})
    assert "Malang" not in [line.text.strip() for line in lines(pdf(frozen))[0]]


@OF_SIZES
def test_names_too_long_for_one_line_take_two_and_the_paper_its_one_sheet(size: str) -> None:
    chief, officer = (
        {"name": "Dr. Harsono Wibisana Kusumawardhana, M.Si."},
        {"name": "Rahayu Candrawati Wulandari, S.Sos."},
    )
    frozen = ending_with(size=size, kepala_dinas=chief, signer=officer)
    frozen["records"]["berita_acara"]["blanks"]["receiver"] = "Muhammad Abdurrahman Setiawan"
    first, annex = pages(pdf(frozen))
    assert words(f"{chief['name']} {HEAD['pangkat']}") in words(first)
    assert "LAMPIRAN" in annex


@pytest.mark.parametrize("name", [NAME, "Rina Wulandari"])
@pytest.mark.parametrize("outcome", ["diterima", "anonim"])
def test_a_screen_which_allows_no_style_of_an_element_gets_none(outcome: str, name: str) -> None:
    frozen = ending_with(outcome, kepala_dinas={"name": name})
    assert [part[:60] for part in str(sheet(frozen, emblem="")).split(" style=")[1:]] == []


@OF_SIZES
def test_a_long_title_stands_under_the_two_parties_over_the_whole_width(size: str) -> None:
    long = {"name": NAME, "title": POST}
    frozen = ending_with(size=size, response=RESPONSE, kepala_dinas=long, signer=long, complaint={"title": TITLE})
    printed = pages(pdf(frozen))
    signing = words(printed[1])
    assert signing.index("PIHAKPERTAMA,") < signing.index("Mengetahui,")
    assert len([line for line in lines(pdf(frozen))[1] if re.search("KEPALA BIDANG|PEREMPUAN|MALANG,", line.text)]) <= 2
    assert words(RESPONSE) in words(printed[0])  # only closing and signatures go together
    assert words("Waktu penanganan menurut SOP tercantum") in signing


@pytest.mark.parametrize("mark", [{}, {"void": True}])
@OF_SIZES
def test_rahasia_stands_at_the_head_of_each_page_and_the_number_alone_below(size: str, mark: dict[str, Any]) -> None:
    frozen = ending_with(size=size, complaint={"is_secret": True}, paper=mark)
    for number, page in enumerate(printed_lines(frozen), 1):
        beside = number > 1 and bool(mark)  # the mark takes the room over the number
        assert page.count("RAHASIA") == (not beside)
        assert page.count(f"- {number} -{' RAHASIA' * beside}") == (number > 1)
