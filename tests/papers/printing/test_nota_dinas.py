"""The Nota Dinas: an ordinary case on one page; of a longer one each page filled, and no signature without its text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.variants import Content
from models.case.sample import contents
from models.demo.texts import WORDS
from models.office.settings import values
from models.records.main_line import CONCLUSIONS, concluded
from models.records.story_summary import gist_of
from papers.printing.render import pdf
from tests.office import Office
from tests.papers.contents import HEAD, UNIT_HEAD, content
from tests.papers.reading import Line, flow, lines, pages, said, strokes, words

SIZES = {"F4": 330, "A4": 297}  # high, in millimetres
BOTTOM, DEPTH = 25, 0.8  # the margin below the text, and how far its letters reach below their line
LETTERHEAD = {
    "address": "Jalan Contoh Sejahtera Nomor 1",
    "phone": "(0341) 000000",
    "web": "Laman dinas.example.com – Surel pengaduan@example.com",
    "postcode": "00000",
}
PLAIN = {"approval": {"blanks": {"outcome": "Disetujui", "note": ""}}}
SENTENCE = "Satu kalimat yang agak panjang supaya memakan beberapa baris penuh. "
TEXT = st.lists(st.integers(1, 9).map(lambda n: (SENTENCE * n).strip()), min_size=1, max_size=4).map("\n".join)
NAME = st.integers(2, 13).map(lambda n: ("Raden Mas " * n)[: 4 * n].strip() + ", M.Si.")
TITLE = st.integers(1, 5).map(lambda n: "Kepala " + "Bidang Rehabilitasi " * n)


def printed_nota_dinas(text: dict[str, str], size: str, **changes: Content) -> bytes:
    records = {"nota_dinas": {"blanks": {"copies": "", **text}}, **changes.pop("records", {})}
    office = changes.pop("office", {**LETTERHEAD, "size": size})
    return pdf(content("nota_dinas", office=office, records=records, **changes))


def of_demo(number: int) -> dict[str, str]:
    """What the demo's unit writes of one of its complaints."""
    case, advice = WORDS["complaints"][number], WORDS["assessment_suggestions"]
    findings = case["findings"]
    return {
        "matter": gist_of(case["story"]),
        "findings": "\n".join(filter(None, [findings["facts"], findings["analysis"]])),
        "conclusion": f"{CONCLUSIONS[findings['conclusion']]}. {findings['conclusion_text']}",
        "action": f"{findings['action']}\n{advice[number % len(advice)]}",
        "answer": findings["answer"],
    }


def empty_below(page: list[Line], size: str) -> float:
    """Which part of the sheet is empty between the last line of a page and the margin below it."""
    return (page[-1].mm - DEPTH - BOTTOM) / SIZES[size]


def before(page: list[Line], signature: str) -> list[Line]:
    """The lines of text above the signatures; `signature` stands in their first line."""
    first = next(n for n, line in enumerate(page) if signature in line.text)
    return page[:first]


@pytest.mark.parametrize(("size", "share"), [("F4", 1.0), ("A4", 0.9)])
def test_an_ordinary_case_of_the_demo_stands_on_one_page(size: str, share: float) -> None:
    printed = [printed_nota_dinas(of_demo(n), size, records=PLAIN) for n in range(0, len(WORDS["complaints"]), 6)]
    parted = [texts for texts in map(lines, printed) if len(texts) > 1]
    assert len(printed) - len(parted) >= share * len(printed)
    assert all(empty_below(first, size) < 0.25 for first, *_ in parted)
    assert min(line.size for line in lines(printed[0])[0] if line.mm < SIZES[size] - 60) == 11  # below the letterhead


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("size", SIZES)
def test_the_sample_of_the_settings_stands_on_one_page(office: Office, size: str) -> None:
    chosen = {**values(), "paper.size": size}
    [paper] = contents(chosen, ("nota_dinas",), at=office.tick())
    assert len(pages(pdf(paper))) == 1


@pytest.mark.parametrize("size", SIZES)
def test_both_have_25_millimetres_to_sign_in(size: str) -> None:
    page = lines(printed_nota_dinas(of_demo(0), size, records=PLAIN))[-1]
    for title, name in (("KEPALA DINAS,", HEAD["name"]), ("JAMINAN SOSIAL,", UNIT_HEAD["name"])):
        above, below = (next(line for line in page if text in line.text) for text in (title, name))
        assert above.mm - below.mm >= BOTTOM + 2.8  # of which a capital takes the last


@pytest.mark.parametrize("size", SIZES)
def test_the_lines_of_an_ordinary_case_stand_no_closer_than_they_are_set(size: str) -> None:
    page = lines(printed_nota_dinas(of_demo(0), size, records=PLAIN))[-1]
    text = next(n for n, line in enumerate(page) if line.text.startswith("1. Pokok"))
    assert page[text].mm - page[text + 5].mm >= 5 * 1.15 * 11 * 25.4 / 72 - 0.1


@pytest.mark.parametrize("paraf", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_the_box_of_the_decision_stands_clear_of_the_sentence_above_it_and_of_the_foot(size: str, paraf: bool) -> None:
    printed = printed_nota_dinas(of_demo(0), size, records=PLAIN, office={**LETTERHEAD, "size": size, "paraf": paraf})
    sentence = next(line.mm for line in lines(printed)[-1] if line.text.startswith("Demikian kami laporkan"))
    level = [a[1] * 25.4 / 72 for a, b in strokes(printed, len(pages(printed)) - 1) if abs(a[1] - b[1]) < 0.1]
    assert 4 <= sentence - max(y for y in level if y < sentence) <= 5.5
    assert min(y for y in level if y > BOTTOM) >= BOTTOM + 2.2


@pytest.mark.parametrize("size", SIZES)
def test_a_summary_that_leaves_out_the_opening_begins_as_a_sentence(size: str) -> None:
    text = said(printed_nota_dinas({"matter": "… bantuan PKH & KKS berhenti. Telepon … sore hari."}, size))
    assert words("1. Pokok pengaduan. Bantuan PKH & KKS berhenti. Telepon … sore hari.") in text


def test_a_draft_ticks_no_decision_and_says_no_time_of_it() -> None:
    issued, draft = (said(printed_nota_dinas({}, "F4", records=PLAIN, paper={"draft": at})) for at in (False, True))
    assert "☑Disetujui24November2026pukul" in issued
    assert "☐Disetujui☐Disetujuidengancatatan" in draft
    assert "☑" not in draft
    assert "☐Disetujui24" not in draft


@pytest.mark.parametrize("size", SIZES)
def test_the_signer_stands_level_and_whole_beside_the_decision_over_paraf_hierarki(size: str) -> None:
    signer = {**UNIT_HEAD, "name": "Drs. Bagaskara Suryanata, M.AP."}
    office = {**LETTERHEAD, "size": size, "paraf": True}
    frozen = content("nota_dinas", office=office, records=PLAIN, signer=signer)
    page = lines(pdf(frozen))[-1]
    both = next(line for line in page if HEAD["name"] in line.text)
    assert both.text.replace("\xa0", " ").strip().endswith(signer["name"])
    assert next(line.mm for line in page if "PARAF HIERARKI" in line.text) < both.mm


def test_a_heading_at_a_pages_foot_has_two_lines_at_least() -> None:
    headings = ("2. Hasil", "3. Kesimpulan", "4. Tindakan", "5. Usul")
    reached = 0
    for count in range(30, 46):
        text = dict.fromkeys(("findings", "conclusion", "action", "answer"), SENTENCE * 12)
        matter = "\n".join(f"Baris {n}." for n in range(count))
        first, *_ = pages(printed_nota_dinas({**text, "matter": matter}, "F4", records=PLAIN))
        last, before_it = flow(first).strip().splitlines()[-1], flow(first).strip().splitlines()[-2]
        assert not last.lstrip().startswith(headings), count
        reached += before_it.lstrip().startswith(headings)
    assert reached, "no page ended with a heading and two lines"


def test_the_nota_dinas_names_the_kuasa_except_of_whom_it_does_not_name() -> None:
    kuasa = {"kind": "Kuasa pengadu", "name": "Dewi Lestari, S.H.", "relation": ""}
    told = {
        key: said(pdf(content("nota_dinas", complaint=complaint, persons={"kuasa": kuasa})))
        for key, complaint in {"named": {}, "rahasia": {"is_secret": True}, "tanpa": {"anonymous": True}}.items()
    }
    assert words("Slamet Riyadi melalui kuasanya, Dewi Lestari, S.H.") in told["named"]
    assert "Dewi" not in told["rahasia"] + told["tanpa"]


@pytest.mark.parametrize(
    ("verdict", "text", "written"),
    [
        ("terbukti", "Aduan terbukti; bantuan tertunda.", "Aduan terbukti; bantuan tertunda."),
        ("tidak_terbukti", "Tidak terbukti.", "Tidak terbukti."),
        ("terbukti", "Terbuktinya belum pasti.", "Terbukti. Terbuktinya belum pasti."),
        ("sebagian", "Aduan terbukti untuk satu bulan.", "Terbukti sebagian. Aduan terbukti untuk satu bulan."),
    ],
)
def test_the_conclusion_says_the_verdict_once(verdict: str, text: str, written: str) -> None:
    assert concluded(CONCLUSIONS[verdict], text) == written


@settings(max_examples=8)
@given(
    size=st.sampled_from(sorted(SIZES)),
    text=st.fixed_dictionaries(dict.fromkeys(("matter", "findings", "conclusion", "action", "answer"), TEXT)),
    note=st.sampled_from(["", SENTENCE, SENTENCE * 9]),
    names=st.tuples(NAME, NAME, TITLE),
)
def test_no_page_is_empty_no_signature_alone_and_no_character_lost(
    size: str, text: dict[str, str], note: str, names: tuple[str, str, str]
) -> None:
    head, signer = {**HEAD, "name": names[0]}, {**UNIT_HEAD, "name": names[1], "title": names[2]}
    approval = {"by": head, "blanks": {"note": note, "outcome": "Disetujui dengan catatan" if note else "Disetujui"}}
    printed = printed_nota_dinas(text, size, records={"approval": approval}, signer=signer)
    read = "".join(words(flow(page)) for page in pages(printed))
    assert all(words(part) in read for part in (*text.values(), note, *names[:2]))
    *others, last = lines(printed)
    assert len(before(last, "☑")) >= 2
    # In as many lines as the Kepala Dinas's own, and nothing more in the box of the decision.
    usual = len(names[2]) < 70 and max(map(len, names[:2])) < 32 and note != SENTENCE
    assert all(page and empty_below(page, size) < (0.25 if usual else 0.33) for page in others)


def test_the_nota_dinas_says_why_the_kepala_dinas_decided_beside_his_plh() -> None:
    reason = "Sudah kembali bertugas sebelum surat perintahnya berakhir"
    deputy = {"post": "Plh. Kepala Dinas", "name": "Dra. Endang", "decree": "800/1/2026", "reason": reason}
    text = said(pdf(content("nota_dinas", deputy=deputy)))
    why = words(f"Diputus sendiri sementara Plh. Kepala Dinas Dra. Endang bertugas. Alasan: s{reason[1:]}.")
    assert why in text.partition("☑")[2].partition(words(HEAD["name"]))[0], "in the decision, over his signature"
    assert "Alasan:" not in said(pdf(content("nota_dinas")))


PLH = {**HEAD, "title": "Plh. KEPALA DINAS", "name": "Dra. Endang Sulistyowati, M.AP."}


def test_a_decision_is_of_the_post_that_took_it() -> None:
    of_head, of_deputy = (
        said(pdf(content("nota_dinas", records={key: {"by": by} for key in ("disposition", "approval")})))
        for by in (HEAD, PLH)
    )
    assert "Menindaklanjutidisposisitanggal" not in of_head + of_deputy
    assert "MenindaklanjutidisposisiKepalaDinastanggal" in of_head
    assert "MenindaklanjutidisposisiPlh.KepalaDinastanggal" in of_deputy


def noted(note: str) -> str:
    approval = {"by": PLH, "blanks": {"outcome": "Disetujui dengan catatan", "note": note}}
    return said(pdf(content("nota_dinas", records={"approval": approval})))


def test_the_note_of_an_approval_stands_in_its_box() -> None:
    box = noted("Laporkan hasilnya sebelum akhir bulan.").partition("☑")[2]
    assert words("Catatan: Laporkan hasilnya sebelum akhir bulan.") in box.partition(words(PLH["name"]))[0]


def test_a_note_of_some_lines_stands_in_a_frame_over_the_whole_width() -> None:
    approval = {"by": PLH, "blanks": {"outcome": "Disetujui dengan catatan", "note": "Laporkan hasilnya. " * 20}}
    printed = pdf(content("nota_dinas", records={"approval": approval}))
    level = {round(b[0] - a[0]) for a, b in strokes(printed) if abs(a[1] - b[1]) < 0.1}
    assert words("Catatan Plh. Kepala Dinas. Laporkan hasilnya.") in said(printed)
    upright = [a for a, b in strokes(printed) if abs(a[0] - b[0]) < 0.1 and a[0] > 190 * 72 / 25.4]
    assert round(165 * 72 / 25.4) in level
    assert upright, "the frame of the note has no right side"


def test_a_draft_leaves_the_date_of_the_decision_open() -> None:
    text = said(pdf(content("nota_dinas", paper={"draft": True})))
    assert f"Tanggal{'…' * 5}" in text


def test_the_medium_stands_within_the_opening_as_a_sentence_has_it() -> None:
    assert words("(media: datang langsung") in said(
        pdf(content("nota_dinas", complaint={"medium": "Datang langsung ke loket pengaduan"}))
    )


LETTERS = [  # medium, label and text of its reference, and what the opening says
    (
        "Surat",
        "Nomor dan tanggal surat",
        "470/112 tanggal 19 November 2026",
        "surat nomor 470/112 tanggal 19 November 2026",
    ),
    ("Surat", "Nomor dan tanggal surat", "470/112/2026", "surat nomor 470/112/2026"),
    ("Surat", "Nomor dan tanggal surat", "", "surat"),
    ("Surat", "Nomor dan tanggal surat", "tanggal 19 November 2026", "surat tanggal 19 November 2026"),
    (
        "Limpahan instansi lain",
        "Nomor dan tanggal surat limpahan",
        "700/12 tanggal 3 November 2026",
        "limpahan instansi lain, nomor 700/12 tanggal 3 November 2026",
    ),
    ("WhatsApp", "Tanggal dan pukul pesan", "20 Nov 2026 pukul 07.45 WIB", "WhatsApp"),
    ("SP4N-LAPOR!", "Nomor tiket LAPOR! (Tracking ID)", "10254761", "SP4N-LAPOR!"),
]


@pytest.mark.parametrize(("medium", "label", "reference", "told"), LETTERS)
def test_the_opening_names_a_letter_by_number_and_date_but_no_rahasia_one(
    medium: str, label: str, reference: str, told: str
) -> None:
    came = {"medium": medium, "medium_ref_label": label, "medium_ref": reference}
    assert words(f"(media: {told})") in said(pdf(content("nota_dinas", complaint=came)))
    secret = said(pdf(content("nota_dinas", complaint={**came, "is_secret": True})))
    assert words(f"(media: {re.split(',? (?:nomor|tanggal) ', told)[0]})") in secret
    assert not reference or words(reference) not in secret


@pytest.mark.parametrize("note", [SENTENCE * 9, "Baris.\n" * 9])
def test_of_a_long_note_the_box_says_that_it_stands_above_under_the_post(note: str) -> None:
    above, _, box = noted(note).partition("☑")
    assert words(f"Catatan Plh. Kepala Dinas. {note}") in above
    assert words("(catatan tertulis di atas)") in box


@pytest.mark.parametrize("size", SIZES)
def test_of_a_long_note_no_more_goes_to_the_signatures_than_their_page_needs(size: str) -> None:
    approval = {"blanks": {"note": SENTENCE * 9, "outcome": "Disetujui dengan catatan"}}
    parted = 0
    for count in range(6, 24, 3):
        text = {"findings": "\n".join(["Baris satu."] * count), "answer": SENTENCE * 3}
        *others, last = lines(printed_nota_dinas(text, size, records={"approval": approval}))
        assert all(empty_below(page, size) < 0.25 for page in others), count
        parted += len(before(last, "☑")) == 2
    assert parted, "no page ended amid the note"


@pytest.mark.parametrize("size", SIZES)
def test_a_part_stands_further_from_the_one_before_it_than_its_paragraphs_from_each_other(size: str) -> None:
    text = {"findings": "\n".join(["Satu baris."] * 3), "conclusion": "Satu baris."}
    [page] = lines(printed_nota_dinas(text, size, records=PLAIN))
    at = next(n for n, line in enumerate(page) if line.text.startswith("2. Hasil"))
    assert [line.text.strip() for line in page[at + 1 : at + 3]] == ["Satu baris.", "Satu baris."]
    before_part, within = page[at - 1].mm - page[at].mm, page[at].mm - page[at + 1].mm
    assert before_part > within + 0.5


@pytest.mark.parametrize("size", SIZES)
def test_no_line_of_the_opening_parts_a_date_or_what_it_ends_with(size: str) -> None:
    """However far the name of the post moves them."""
    for count in range(0, 60, 4):
        by = {"by": {**HEAD, "title": f"KEPALA {'A' * count}"}}
        drawn = [line.text for line in lines(printed_nota_dinas({}, size, records={"disposition": by}))[0]]
        assert not [line for line in drawn if line.strip().startswith(("2026", "berikut:"))], count
