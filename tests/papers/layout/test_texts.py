"""What each paper says: the ends of a Berita Acara, the approval, the ticks, and nothing of a rahasia case."""

import re

import pytest

from models.records.main_line import MEDIA
from models.records.registry import RECORDS
from papers.layout.phrases import addressed, blank, lowered
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from sop.words import spoken_title
from tests.papers.contents import STAFF, STORY, UNIT_HEAD, content, person
from tests.papers.reading import said, words


@pytest.mark.parametrize("kind", ["tanda_terima", "lembar_disposisi", "nota_dinas", "berkas_asesmen"])
def test_papers_for_others_name_no_person_of_a_rahasia_complaint(kind: str) -> None:
    text = said(pdf(content(kind, complaint={"is_secret": True, "secrecy": "Rahasia"})))
    assert "SlametRiyadi" not in text
    assert ("dirahasiakan" in text.lower()) == (kind != "tanda_terima")


def test_the_receipt_of_a_rahasia_complaint_says_number_date_and_officer_only() -> None:
    text = said(pdf(content("tanda_terima", complaint={"is_secret": True, "secrecy": "Rahasia"})))
    assert "PGD/12/XI/2026" in text
    assert "RinaWulandari" in text
    for private in ("Bantuan", "Datanglangsung", "Jawabanpertama", "Rahasia"):
        assert private not in text


ABSENT = {
    "anonymous": {"anonymous": True},
    "by letter": {"medium": "Surat", "medium_group": "Lainnya"},
}


@pytest.mark.parametrize("absent", ABSENT)
def test_a_form_whose_pengadu_is_absent_states_and_is_signed_by_the_officer_only(absent: str) -> None:
    frozen = content("form_pengaduan", complaint=ABSENT[absent])
    frozen["signers"] = [one for one in frozen["signers"] if one["role"] != "pengadu"]
    text = said(pdf(frozen))
    assert words("Pengadu menyatakan") not in text
    assert words(f"dicatat petugas sebagaimana diterima (media: {frozen['complaint']['medium'].lower()})") in text
    assert "PENGADU," not in text
    assert text.endswith(words("PETUGAS PENANGANAN PENGADUAN, Rina Wulandari Penata NIP. 19880412 201101 2 003"))


def test_a_form_signed_at_the_counter_has_the_statement_and_both_signatures() -> None:
    text = said(pdf(content("form_pengaduan")))
    assert words("Pengadu menyatakan bahwa keterangan dalam Form Pengaduan ini") in text
    _, _, signed = text.partition("PENGADU,")
    assert signed.startswith(
        words("Malang, 23 November 2026 PETUGAS PENANGANAN PENGADUAN, Slamet Riyadi Rina Wulandari")
    )


ENDS = {
    "diterima": "PIHAK KEDUA menyatakan menerima hasil",
    "diterima_catatan": "dengan catatan",
    "keberatan": "menyatakan keberatan",
    "tidak_dihubungi": "Upaya penyampaian telah dilakukan 3 (tiga) kali, yaitu: 1. 20 November",
    "anonim": "tidak mencantumkan nama dan kontak sehingga",
}


@pytest.mark.parametrize(("end", "sentence"), ENDS.items())
def test_the_berita_acara_has_a_sentence_for_each_outcome(end: str, sentence: str) -> None:
    frozen = content(
        "berita_acara", records={"berita_acara": {"codes": {"outcome": end}, "blanks": {"response": "Alasan."}}}
    )
    text = said(pdf(frozen))
    assert words(sentence) in text
    assert "DuaPuluhEmat" not in text
    assert words("Selasa, tanggal Dua Puluh Empat, bulan November, tahun Dua Ribu Dua Puluh Enam (24-11-2026)") in text
    assert words("Nota Dinas Nomor 400.9/12/35.73.403/2026 tanggal 24 November 2026") in text
    assert "Alasan." in text


def test_a_berita_acara_without_a_meeting_says_the_medium_and_that_the_recipient_was_absent() -> None:
    frozen = content(
        "berita_acara", records={"berita_acara": {"codes": {"medium": "whatsapp"}, "blanks": {"medium": "WhatsApp"}}}
    )
    text = said(pdf(frozen))
    assert (
        words("disampaikan kepada PIHAK KEDUA melalui WhatsApp pada tanggal 24 November 2026 pukul 09.45 WIB") in text
    )
    assert words("Kehadiran : Tidak hadir (disampaikan melalui WhatsApp)") in text
    assert words("PIHAK KEDUA, Mengetahui, KEPALA DINAS, PIHAK PERTAMA, Slamet Riyadi (tidak hadir)") in text
    assert (
        words("09.45 WIB, bertempat di ruang pelayanan Dinas Sosial, yang bertanda tangan di bawah ini: Nama") in text
    )
    assert "kamiyangbertandatangan" not in text, "he signs nothing"
    assert (
        words("PIHAK PERTAMA, menerangkan telah menyampaikan hasil penanganan pengaduan kepada: Nama : Slamet Riyadi")
        in text
    )


def test_choices_stand_in_a_sentence_without_their_capital() -> None:
    unreached = {"codes": {"medium": "telepon", "outcome": "tidak_dihubungi"}, "blanks": {"medium": "Telepon"}}
    text = said(pdf(content("berita_acara", records={"berita_acara": unreached})))
    assert words("1. 20 November 2026 pukul 09.00 WIB, telepon: tidak tersambung. 2. 21") in text
    assert [lowered(name) for _, name in MEDIA][:6] == [
        "tatap muka",
        "telepon",
        "WhatsApp",
        "surat",
        "surel",
        "kanal asal pengaduan (SP4N-LAPOR!, SAMBAT, dan lainnya)",
    ]
    assert not [name for _, name in MEDIA if lowered(name).startswith("melalui")]  # it is asked: melalui apa


def test_the_line_of_addresses_stands_in_a_sentence_without_its_capitals() -> None:
    web = "Laman dinsos.example.com – Surel halo@example.com – Instagram @dinsos"
    text = said(pdf(content("tanda_terima", office={"web": web, "phone": "(0341) 1"})))
    assert words(web) in text  # in the letterhead
    assert (
        words(f" melalui telepon (0341) 1, laman dinsos.example.com, surel halo@example.com, atau {web[-17:]}") in text
    )


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_no_month_is_cut_short_on_a_paper(kind: str) -> None:
    records = {"berita_acara": {"codes": {"outcome": "tidak_dihubungi"}}}
    frozen = content(kind, complaint={"received_at": "2026-08-23T09:10:00+07:00"}, records=records)
    printed = said(pdf(frozen))
    assert re.search(r"\d(Agustus|November)\d", printed)
    assert not re.search(r"\d(Jan|Feb|Mar|Apr|Jun|Jul|Agu|Sep|Okt|Nov|Des)\d", printed)


def test_a_record_that_is_printed_as_it_is_has_its_moments_in_full() -> None:
    record = content("berita_acara")["records"]["berita_acara"]
    assert blank(record, "told_at") == "24 November 2026 pukul 09.45 WIB"
    assert blank({**record, "moments": {}}, "told_at") == "24 Nov 2026 pukul 09.45 WIB"  # from before they were kept
    assert blank(record, "place") == "ruang pelayanan Dinas Sosial"


def test_the_basis_says_that_the_nota_dinas_was_approved_and_what_it_is_about() -> None:
    assert words(
        "Nota Dinas Nomor 400.9/12/35.73.403/2026 tanggal 24 November 2026 tentang penanganan pengaduan nomor register "
        "PGD/12/XI/2026 perihal “Bantuan PKH lansia terhenti”, yang telah mendapat persetujuan Kepala Dinas pada "
        "tanggal 24 November 2026, PIHAK PERTAMA telah menyampaikan"
    ) in said(pdf(content("berita_acara")))


def test_the_berita_acara_has_the_moment_of_delivery_and_not_of_its_issue() -> None:
    frozen = content("berita_acara", records={"berita_acara": {"moments": {"told_at": "2026-11-23T08:05:00+07:00"}}})
    text = said(pdf(frozen))
    assert words("Senin, tanggal Dua Puluh Tiga, bulan November, tahun Dua Ribu Dua Puluh Enam (23-11-2026)") in text
    assert words("pukul 08.05 WIB, bertempat di ruang pelayanan") in text


def test_a_berita_acara_from_before_moments_were_stored_has_the_moment_of_its_issue() -> None:
    frozen = content("berita_acara")
    del frozen["records"]["berita_acara"]["moments"]
    assert words("(24-11-2026), pukul 09.50 WIB") in said(pdf(frozen))


def test_the_berita_acara_of_an_anonymous_pengadu_names_the_register() -> None:
    frozen = content(
        "berita_acara",
        complaint={"anonymous": True},
        records={"berita_acara": {"blanks": {"receiver": ""}}},
    )
    assert words("Nama : Tanpa nama (nomor register PGD/12/XI/2026)") in said(pdf(frozen))


def test_the_assessment_has_the_whole_story_and_what_is_asked() -> None:
    text = said(pdf(content("berkas_asesmen")))
    assert words(STORY) in text
    assert "Yangdimintapengadu.BantuanPKHlansiaditeruskan." in text
    assert "Yangdiminta" not in said(pdf(content("berkas_asesmen", complaint={"asks": ""})))


def test_the_five_clocks_are_printed_with_lateness_and_waiting() -> None:
    text = said(pdf(content("berita_acara")))
    assert words("1 jam 31 menit Lewat standar waktu SOP") in text
    assert words("Menunggu: 5 menit") in text


def test_the_approved_nota_dinas_bears_the_approval_and_a_draft_without_one_does_not() -> None:
    text = said(pdf(content("nota_dinas")))
    assert words("Disetujui dengan catatan 24 November 2026 pukul 09.40 WIB") in text
    frozen = content("nota_dinas", paper={"draft": True})
    del frozen["records"]["approval"]
    assert "Disetujui" not in said(pdf(frozen))


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_room_for_initials_stands_on_the_nota_dinas_where_the_office_wants_it(kind: str) -> None:
    wanted = said(pdf(content(kind, office={"paraf": True})))
    assert ("PARAFHIERARKIJabatanParafTanggal" in wanted) == (kind == "nota_dinas")
    assert "Paraf" not in said(pdf(content(kind, office={"paraf": False})))
    assert "Paraf" not in said(pdf(content(kind)))  # a paper from before there was a choice


def test_who_signs_does_not_initial_beforehand() -> None:
    for maker, times in (({**STAFF, "name": "Siti Aminah", "title": "Penyusun Laporan"}, 1), (UNIT_HEAD, 0)):
        text = said(pdf(content("nota_dinas", office={"paraf": True}, records={"assessment": {"by": maker}})))
        post = spoken_title(maker["title"]).replace(" ", "")
        assert text.partition("PARAFHIERARKI")[2].count(post) == times


def test_the_disposition_ticks_what_was_chosen() -> None:
    text = said(pdf(content("lembar_disposisi")))
    assert "☑Proseslebihlanjut" in text
    assert "☐Tanggapandansaran" in text
    assert "☑Sekretaris" in text
    assert "☑Segera" in text


ACTING = [
    ("Plh. KEPALA DINAS", "Plh. KEPALA DINAS,"),
    ("a.n. KEPALA DINAS / SEKRETARIS", "a.n. KEPALA DINAS SEKRETARIS,"),
    ("Kepala Dinas", "KEPALA DINAS,"),
]


@pytest.mark.parametrize(("title", "printed"), ACTING)
def test_who_signs_is_titled_in_capitals_but_for_how_he_acts(title: str, printed: str) -> None:
    frozen = content("lembar_disposisi", signer={"title": title})
    assert words(printed) in said(pdf(frozen))


def test_a_title_stands_in_a_sentence_as_one_writes_it() -> None:
    frozen = content("nota_dinas", kepala_dinas={"title": "Plh. KEPALA DINAS"})
    assert words("Yth. Plh. Kepala Dinas") in said(pdf(frozen))


def test_the_kepala_dinas_is_addressed_with_the_whole_name_of_his_office_and_no_copy_is_left_empty() -> None:
    office = content("nota_dinas")["office"]
    whole = (
        "Kepala Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"
    )
    assert addressed("Plt. KEPALA DINAS", office) == f"Plt. {whole} Kota Malang"
    assert addressed("", office) == f"{whole} Kota Malang"
    assert addressed("a.n. KEPALA DINAS / SEKRETARIS", office) == "a.n. Kepala Dinas / Sekretaris"
    text = said(pdf(content("nota_dinas", records={"nota_dinas": {"blanks": {"copies": ""}}})))
    assert words(f"Yth. {whole} Kota Malang") in text
    assert "Tembusan" not in text
    assert words("dengan hormat kami laporkan hal-hal sebagai berikut:") in text
    assert words("mohon persetujuan dan arahan Bapak/Ibu") in text


def test_the_form_uses_the_offices_words_and_leaves_out_a_sex_that_is_not_recorded() -> None:
    kuasa = person(kind="Kuasa", name="Dewi Lestari", sex="Belum diketahui", group="Penyandang disabilitas")
    text = said(pdf(content("form_pengaduan", persons={"kuasa": kuasa})))
    assert "Belumdiketahui" not in text
    for label in ("Klasifikasi pengaduan", "Kelompok rentan", "Kelurahan/Kecamatan"):
        assert words(f"{label} :") in text
    assert words("Hubungan dengan yang bersangkutan :") in said(pdf(content("form_pengaduan")))


def test_gaps_of_the_letterhead_are_shown_plainly() -> None:
    assert "………,Telepon………" in said(pdf(content("tanda_terima")))
    assert "Jl.Sulfat12,Telepon………" in said(pdf(content("tanda_terima", office={"address": "Jl. Sulfat 12"})))


def test_a_vacant_office_is_a_gap_to_sign_in() -> None:
    frozen = content("nota_dinas")
    frozen["kepala_dinas"], frozen["unit"] = {}, {"name": "UPT PPA", "head": {}}
    del frozen["records"]["approval"]
    text = said(pdf(frozen))
    assert "UPTPPA" in text
    assert words(STORY) in text


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_no_dots_stand_for_a_title_that_nobody_has(kind: str) -> None:
    office = {"address": "Jl. Sulfat 12", "phone": "(0341) 1", "postcode": "65123"}
    frozen = content(kind, signer={"title": ""}, complaint={"registrar": {"title": ""}}, office=office)
    frozen["kepala_dinas"], frozen["unit"] = {}, {"name": "UPT PPA", "head": {}}
    assert "…," not in said(pdf(frozen))


def test_the_contents_used_here_name_the_blanks_that_the_records_have() -> None:
    frozen = content("berita_acara")
    for key, record in {**frozen["records"], "attempt": frozen["attempts"][0]}.items():
        assert set(record["blanks"]) == {field.name for field in RECORDS[key].blanks()}
