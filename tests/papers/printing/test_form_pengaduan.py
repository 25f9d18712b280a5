"""The Form Pengaduan: what stands beside what in its columns, who signs it, and its number before it is issued."""

import io
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from bench.variants import KUASA, SITUATIONS, Content, changed, merged, with_long_names
from models.case.content_parts import AT_THE_COUNTER, visitors
from models.workflow.masters import read_data
from papers.layout.glyphs import face
from papers.layout.page import abreast
from papers.printing.render import pdf
from sop.signers import PENGADU
from tests.papers.contents import OFFICER, content, person
from tests.papers.printing.test_nota_dinas import LETTERHEAD, SIZES
from tests.papers.reading import lines, pages, said, strokes, words

OF_SIZES = pytest.mark.parametrize("size", SIZES)
OF_KUASA = {"persons": {"kuasa": person(**KUASA)}}
REGULAR = face("LiberationSans-Regular")
COLUMNS = (40.5, 40, 31, 40)


def drawn_by(printed: bytes, page: int = 0) -> list[tuple[float, float, float, str]]:
    """Each text of a page: its height above the foot, its left edge and the size of its letters (pt)."""
    drawn = list[tuple[float, float, float, str]]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, of: float) -> None:
        if text.strip():
            drawn.append((round(matrix[5] * ctm[3] + ctm[5], 1), matrix[4] * ctm[0] + ctm[4], of, text.strip()))

    PdfReader(io.BytesIO(printed)).pages[page].extract_text(visitor_text=hear)
    return drawn


def form(size: str = "F4", **changes: object) -> bytes:
    return pdf(content("form_pengaduan", office={**LETTERHEAD, "size": size}, **changes))


@pytest.mark.parametrize("value", ["Dewi", "Raden Ajeng Kusumawardhani Puspitasari Hadiningrat Wulandari"])
def test_what_stands_beside_something_follows_it_where_it_has_no_room_there(value: str) -> None:
    first, second, third = ("Nama", value), ("Pekerjaan", "Advokat"), ("Kerugian", "Tidak ada")
    [*groups] = abreast([[first, second], [third, ("Usia", "")]], COLUMNS, 10)
    assert [row for _, group in groups for row in group] == (
        [[first, second], [third]] if value == "Dewi" else [[first], [second], [third]]
    )


IN_ORDER = (
    "Nama",
    "NIK",
    "Jenis kelamin",
    "Tempat, tanggal lahir",
    "Usia",
    "Pekerjaan",
    "Telepon/WhatsApp",
    "Alamat KTP",
)
WORKER = {"sex": "Perempuan", "birth": "Malang, 3 Februari 1980", "age": "46 tahun", "job": "Perajin keripik tempe"}


@OF_SIZES
@pytest.mark.parametrize("changed_by", ["pengadu", "surat", "daring", "nama"])
def test_what_is_known_of_a_pengadu_stands_in_one_order_in_two_columns(changed_by: str, size: str) -> None:
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size}, persons={"pengadu": WORKER})
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    frozen = with_long_names(frozen) if changed_by == "nama" else changed(frozen, SITUATIONS[changed_by])
    [page] = pages(pdf(frozen))
    block = words(page[page.index("B. Pengadu") : page.index("C. Pengaduan")])
    places = [block.index(words(f"{label} :")) for label in IN_ORDER]
    assert places == sorted(places)
    for first, second in (
        ("NIK", "Jenis kelamin"),
        ("Tempat, tanggal lahir", "Usia"),
        ("Pekerjaan", "Telepon/WhatsApp"),
    ):
        assert heights(pdf(frozen), first) == heights(pdf(frozen), second), (first, second)


def test_birth_and_age_stand_beside_one_another_in_the_largest_letters_too() -> None:
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": "A4"}, persons={"pengadu": WORKER})
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    printed = pdf(merged(frozen, {"complaint": {"story": LONG_STORY}}))
    assert heights(printed, "Tempat, tanggal lahir") == heights(printed, "Usia")


@OF_SIZES
@pytest.mark.parametrize(
    "medium",
    [one for one in read_data("media")["media"] if not one["reference_label"].startswith("Nomor dan tanggal surat")],
    ids=lambda medium: medium["code"],
)
def test_the_row_of_a_medium_says_what_it_was_asked_for_on_either_size(medium: dict[str, str], size: str) -> None:
    referred = {"medium": medium["name"], "medium_ref_label": medium["reference_label"], "medium_ref": "A-1"}
    label = medium["reference_label"].replace("Tanggal dan pukul", "Waktu")
    row = f"Media : {medium['name']} ({label[0].lower()}{label[1:]}: A-1) Selesai paling lambat :"
    assert words(row) in said(form(size, complaint=referred))


LETTERS = [  # medium, label and text of its reference, and what the form says
    (
        "Surat",
        "Nomor dan tanggal surat",
        "470/112 tanggal 3 November 2026",
        "Surat nomor 470/112 tanggal 3 November 2026",
    ),
    ("Surat", "Nomor surat", "470/112", "Surat nomor 470/112"),
    ("Surat", "Nomor dan tanggal surat", "tanggal 3 November 2026", "Surat tanggal 3 November 2026"),
    ("Surat", "Nomor dan tanggal surat", "tanpa nomor", "Surat (nomor dan tanggal surat: tanpa nomor)"),
    (
        "Limpahan instansi lain",
        "Nomor dan tanggal surat limpahan",
        "700/12 tanggal 3 November 2026",
        "Limpahan instansi lain, nomor 700/12 tanggal 3 November 2026",
    ),
    ("Kelurahan", "Nomor surat atau catatan", "Buku 7", "Kelurahan (nomor surat atau catatan: Buku 7)"),
]


@pytest.mark.parametrize("is_secret", [False, True])
@pytest.mark.parametrize(("medium", "label", "reference", "told"), LETTERS)
def test_the_row_of_a_letter_says_its_number_and_date_once(
    medium: str, label: str, reference: str, told: str, is_secret: bool
) -> None:
    came = {"medium": medium, "medium_ref_label": label, "medium_ref": reference, "is_secret": is_secret}
    assert words(f"Media : {told} Selesai paling lambat :") in said(form(complaint=came))


@OF_SIZES
def test_no_line_of_a_form_parts_the_date_of_a_letter(size: str) -> None:
    label, reference = "Nomor dan tanggal surat limpahan", "700/12/35.73/2026 tanggal 7 November 2026"
    came = {"medium": "Limpahan instansi lain", "medium_ref_label": label, "medium_ref": reference}
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size}, complaint=came)
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    [page] = lines(pdf(frozen))
    assert any("7 November 2026" in line.text.replace("\xa0", " ") for line in page)


@OF_SIZES
def test_what_a_medium_is_asked_for_widens_no_column(size: str) -> None:
    frozen, asked = content("form_pengaduan", office={**LETTERHEAD, "size": size}), "Nomor laporan Ngalam 112"
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    axes = [
        {round(x) for _, x, _, text in drawn_by(pdf(merged(frozen, {"complaint": of_case}))) if text == ":"}
        for of_case in ({"medium_ref": ""}, {"medium_ref_label": asked, "medium_ref": "12"})
    ]
    assert len(axes[0]) == 2
    assert axes[0] == axes[1]


@OF_SIZES
def test_the_officer_is_named_once_where_he_signs(size: str) -> None:
    assert said(form(size)).count(words(OFFICER["name"])) == 1


def heights(printed: bytes, label: str) -> set[float]:
    """Where this label of the pengadu stands (pt from the foot)."""
    drawn = drawn_by(printed)
    [after] = [high for high, _, _, text in drawn if text == "B. Pengadu"]
    [before] = [high for high, _, _, text in drawn if text == "C. Pengaduan"]
    return {high for high, _, _, text in drawn if text == label and before < high < after}


@OF_SIZES
def test_the_columns_of_a_form_stand_six_millimetres_apart(size: str) -> None:
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size}, persons={"pengadu": WORKER})
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    drawn = drawn_by(pdf(frozen))
    [(high, right)] = [(high, x) for high, x, _, text in drawn if text == "Telepon/WhatsApp"]
    [(left, of, text)] = [(x, of, text) for at, x, of, text in drawn if at == high and text == WORKER["job"]]
    assert right - left - sum(REGULAR.charWidths[ord(letter)] for letter in text) / 1000 * of >= 6 * 72 / 25.4


@pytest.mark.parametrize(
    ("kind", "longest"), [("form_pengaduan", "Kelurahan/Kecamatan"), ("berkas_asesmen", "Bantuan sosial diterima")]
)
def test_on_f4_the_longest_label_stands_two_millimetres_before_its_colon(kind: str, longest: str) -> None:
    frozen = content(kind, office={**LETTERHEAD, "size": "F4"}, complaint={"anonymous": True, "event_place": ""})
    drawn = drawn_by(pdf(frozen))
    at, left, of = next((high, x, of) for high, x, of, text in drawn if text == longest)
    colon = next(x for high, x, _, text in drawn if high == at and text == ":")
    assert colon - left - sum(REGULAR.charWidths[ord(letter)] for letter in longest) / 1000 * of >= 2 * 72 / 25.4


@OF_SIZES
def test_the_title_of_an_ordinary_form_stands_three_millimetres_under_the_rule(size: str) -> None:
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size})
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    printed = pdf(frozen)
    [(title, of)] = [(high, of) for high, _, of, text in drawn_by(printed) if text == "FORM PENGADUAN"]
    rule = min(a[1] for a, b in strokes(printed) if abs(a[1] - b[1]) < 0.1 and a[1] > title)
    assert rule - title - 0.72 * of >= 3 * 72 / 25.4


@OF_SIZES
def test_no_short_word_stands_alone_under_the_statement_of_a_form(size: str) -> None:
    read = [line.text.strip() for page in lines(of_kuasa(size)) for line in page]
    assert any(line.endswith("dipungut biaya.") for line in read)


def spacing(printed: bytes, begin: str) -> tuple[float, float]:
    """The size of the letters of the paragraph that begins so (pt), and from one of its lines to the next (of it)."""
    page = lines(printed)[0]
    at = next(number for number, line in enumerate(page) if begin in line.text)
    apart = (page[at].mm - page[at + 1].mm) * 72 / 25.4
    return round(page[at].size, 1), round(apart / page[at].size, 2)


LONG_STORY = "Bantuan berhenti tanpa pemberitahuan sejak Januari. " * 120


@OF_SIZES
@pytest.mark.parametrize("kind", ["form_pengaduan", "berkas_asesmen"])
def test_what_takes_two_sheets_anyway_has_the_letters_of_other_papers(kind: str, size: str) -> None:
    printed = pdf(content(kind, complaint={"story": LONG_STORY}, office={**LETTERHEAD, "size": size}))
    assert len(pages(printed)) > 1
    letters, apart = spacing(printed, "Bantuan berhenti")
    assert letters == 11
    assert apart >= 1.15


def test_letters_get_smaller_only_where_that_saves_a_sheet() -> None:
    """Line by line longer: each form stands on one sheet, in smaller and smaller letters, until none can."""
    drawn, count = list[float](), 1
    while len(pages(printed := form(complaint={"story": "Satu baris.\n" * count}))) == 1:
        drawn.append(spacing(printed, "Satu baris.")[0])
        count += 1
    assert drawn == sorted(drawn, reverse=True)
    assert (drawn[0], drawn[-1]) == (11, 10)
    assert spacing(printed, "Satu baris.")[0] == 11


@pytest.mark.parametrize("kind", ["form_pengaduan", "berkas_asesmen"])
def test_what_stands_closer_for_one_sheet_fills_it(kind: str) -> None:
    """What a step closer leaves is between its lines again: at its foot no line more has room."""
    frozen = content(kind, office={**LETTERHEAD, "size": "A4"})
    closer = list[float]()
    for count in range(3, 60, 3):
        story = "Bantuan berhenti tanpa pemberitahuan sejak Januari. " * count
        if len(pages(printed := pdf(merged(frozen, {"complaint": {"story": story}})))) > 1:
            break
        if spacing(printed, "Bantuan berhenti")[1] < {"form_pengaduan": 1.1, "berkas_asesmen": 1.15}[kind]:
            closer.append(lines(printed)[0][-1].mm)
    assert closer
    assert all(foot < 26 + 4.5 for foot in closer), closer


@OF_SIZES
def test_an_ordinary_form_has_lines_as_far_apart_as_other_papers(size: str) -> None:
    story = "Bantuan berhenti tanpa pemberitahuan sejak Januari. " * 6
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size}, complaint={"story": story})
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    letters, apart = spacing(pdf(frozen), "Bantuan berhenti")
    assert letters == 11
    assert apart >= 1.15


@OF_SIZES
def test_an_address_names_its_kelurahan_in_its_line_where_it_has_room(size: str) -> None:
    text = said(of_kuasa(size))
    assert words("Alamat KTP : Jl. Kawi No. 4, RT 02 RW 05, Kel. Oro-oro Dowo, Kec. Klojen") in text
    long = pdf(with_address("Perumahan Griya Contoh Sejahtera Blok AA Nomor 100, RT 02 RW 05", size))
    assert words("RT 02 RW 05 Kelurahan/Kecamatan : Oro-oro Dowo/Klojen") in said(long)


def with_address(address: str, size: str) -> Content:
    kuasa = {**person(**KUASA), "address": address}
    return content("form_pengaduan", office={**LETTERHEAD, "size": size}, persons={"kuasa": kuasa})


@OF_SIZES
@pytest.mark.parametrize("place", ["Rumah pengadu", "Rumah pengadu, Kelurahan Sukun"])
def test_a_place_names_what_of_its_kelurahan_and_kecamatan_it_does_not_say(place: str, size: str) -> None:
    of_case = {"event_place": place, "kelurahan": "Sukun", "kecamatan": "Klojen"}
    named = "Kel. Sukun, " if place == "Rumah pengadu" else ""
    assert words(f"Tempat kejadian : {place}, {named}Kec. Klojen") in said(form(size, complaint=of_case))


def test_a_medium_within_a_sentence_begins_small_unless_it_is_a_name() -> None:
    for medium, within in (("Kotak aduan", "kotak aduan"), ("Instagram", "Instagram"), ("SP4N-LAPOR!", "SP4N-LAPOR!")):
        frozen = changed(content("form_pengaduan", office=LETTERHEAD), SITUATIONS["surat"])
        frozen["complaint"]["medium"] = medium
        assert words(f"(media: {within})") in said(pdf(frozen))


def test_each_time_names_its_zone() -> None:
    [page] = pages(form())
    assert page.count("WIB") >= page.count("pukul") > 1


@OF_SIZES
def test_long_names_leave_an_ordinary_form_on_one_sheet(size: str) -> None:
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size})
    frozen["persons"] = {"pengadu": frozen["persons"]["pengadu"]}
    assert len(pages(pdf(with_long_names(frozen)))) == 1


@pytest.mark.parametrize("kind", ["form_pengaduan", "berkas_asesmen"])
def test_a_draft_has_the_number_that_its_case_has(kind: str) -> None:
    [page] = lines(pdf(content(kind, paper={"draft": True, "number": ""})))
    assert any(line.text.strip() == "Nomor register: PGD/12/XI/2026" for line in page)


def of_kuasa(size: str = "F4") -> bytes:
    """A Form whose complaint a kuasa brought."""
    frozen = content("form_pengaduan", office={**LETTERHEAD, "size": size}, **OF_KUASA)
    frozen["signers"] = [{**one, "name": KUASA["name"]} if one["role"] == PENGADU else one for one in frozen["signers"]]
    return pdf(frozen)


def test_the_kuasa_who_brought_the_complaint_signs_with_room_for_his_surat_kuasa() -> None:
    [page] = lines(of_kuasa())
    read = [line.text.strip() for line in page]
    assert any(line.startswith("KUASA PENGADU,") for line in read)
    assert any(line.startswith(KUASA["name"]) for line in read)
    assert words("Surat Kuasa: Nomor ………") in said(of_kuasa())
    assert "KUASA" not in said(form())


def test_at_the_counter_a_kuasa_is_the_visitor() -> None:
    case = SimpleNamespace(complaint=SimpleNamespace(anonymous=False), records={})
    persons = {"pengadu": SimpleNamespace(name="Slamet"), "kuasa": SimpleNamespace(name="Dewi")}
    counter = SimpleNamespace(group=AT_THE_COUNTER)
    assert visitors(case, persons, counter) == {PENGADU: "Dewi"}
    assert visitors(case, {"pengadu": persons["pengadu"]}, counter) == {PENGADU: "Slamet"}
    assert visitors(case, persons, SimpleNamespace(group="online")) == {}


ABSENT = ("D. Keterangan petugas", "Keterangan di atas dicatat petugas sebagaimana diterima")


@pytest.mark.parametrize(
    ("who", "heading", "sentence"),
    [
        ("pengadu", "D. Pernyataan", "Pengadu menyatakan bahwa keterangan dalam Form Pengaduan ini"),
        ("kuasa", "D. Pernyataan", "Kuasa pengadu menyatakan bertindak untuk pengadu"),
        ("anonim", *ABSENT),
        ("surat", *ABSENT),
        ("daring", *ABSENT),
    ],
)
def test_a_statement_is_of_him_who_signs_it(who: str, heading: str, sentence: str) -> None:
    frozen = changed(content("form_pengaduan", office=LETTERHEAD), SITUATIONS[who])
    text = said(pdf(frozen))
    assert words(heading) + words(sentence) in text
    assert ("engadumenyatakan" in text) == (PENGADU in {one["role"] for one in frozen["signers"]})


def test_a_kuasa_signs_for_himself_alone() -> None:
    frozen = changed(content("form_pengaduan", office=LETTERHEAD), {"persons": {"kuasa": person(**KUASA)}})
    frozen["signers"][0]["name"] = frozen["persons"]["pengadu"]["name"]
    text = said(pdf(frozen))
    assert "Kuasapengadumenyatakan" not in text
    assert "KUASAPENGADU," not in text


@pytest.mark.parametrize(("group", "medium"), [("Media daring", "WhatsApp"), ("Langsung", "Datang langsung")])
def test_the_medium_is_named_once(group: str, medium: str) -> None:
    of_case = {"medium_group": group, "medium": medium, "medium_ref": ""}
    assert words(f"Media : {medium} Selesai paling lambat") in said(form(complaint=of_case))


def test_how_urgent_a_case_is_has_another_name_than_how_secret() -> None:
    text = said(form(complaint={"is_secret": True, "secrecy": "Rahasia", "urgency": "Segera"}))
    assert words("Kerahasiaan : Rahasia Kesegeraan : Segera") in text
    assert "Sifat" not in text


@OF_SIZES
def test_no_label_touches_its_colon_and_colons_stand_on_one_axis(size: str) -> None:
    printed = form(size)
    drawn, axes = drawn_by(printed), set[int]()
    for high, x, _, text in drawn:
        if text == ":":
            axes.add(round(x))
            before = max((one for one in drawn if one[0] == high and one[1] < x), key=lambda one: one[1])
            wide = sum(REGULAR.charWidths[ord(letter)] for letter in before[3]) / 1000 * before[2]
            assert x - before[1] - wide > 5, before
    assert len(axes) == 2


def test_what_the_pengadu_asks_is_in_one_weight_on_form_and_asesmen() -> None:
    for kind in ("form_pengaduan", "berkas_asesmen"):
        assert "Yangdimintapengadu." in said(pdf(content(kind)))
