"""The settings: previewed before they are stored, refused in a sentence, dated; no change to an issued paper."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from admin.office import checklist
from models.complaint.event import Event, open_seals
from models.complaint.paper import Paper, content_of
from models.office.calendar import Holiday
from models.office.people import Division, Post, User, today
from models.office.settings import BACKUP, EMBLEM, FACTOR, OPTIONS, Setting, store_setting, values
from models.office.wording import MOST, Emblem, drawn_emblem
from models.sign_in import factor_rules
from models.sign_in.factor import SecondFactor
from models.store.base import now
from models.store.upload_kinds import Refused
from papers.printing import press
from papers.printing.failure import PrintError
from papers.printing.render import pdf
from tests.admin.forms import form_on, save
from tests.office import settings_changed
from tests.papers.reading import pages

OPENING = "wording.nota_dinas.opening"


KOP = "/pengaturan/kop/"
LETTERHEAD = {"address": "Jalan Satu 1", "phone": "(0341) 111", "unit_code": "403", "builtin": "y"}  # required


def new(key: str) -> str:
    return f"/pengaturan/new/?key={key}"


def emblem(kind: str = "PNG", size: tuple[int, int] = (300, 200), colour: object = (180, 20, 20, 255)) -> BytesIO:
    """A picture with a clear margin, as an office's web page has one."""
    file = BytesIO()
    field = Image.new("RGBA", (size[0] + 80, size[1] + 80), (0, 0, 0, 0))
    field.paste(Image.new("RGBA", size, colour), (40, 40))
    (field if kind == "PNG" else field.convert("RGB")).save(file, kind)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("key", "help_"),
    [
        ("number.class", "Dokumen sebelum tanggal ini memakai nilai lama."),
        ("backup.place", "Sebelum tanggal ini nilai lama yang berlaku."),
        ("clock.zone", "Zona waktu berlaku seketika; biarkan tanggal hari ini."),
    ],
)
def test_each_setting_explains_what_its_day_means(at, key, help_):
    [hint] = re.findall(r"[A-Z][^.<>]*(?:nilai lama|tanggal hari ini)[^.<>]*\.", at("admin").get(new(key)).text)
    assert hint == help_


# Wording and letterhead


CODES = ("number.class", "office.unit_code")
NO_CODES = (".403", "403.", "4..03", "40 3", "35/403", "-403", "403-", "４０３", "4{urut}")
WRONG = [
    (OPENING, "{% for i in range(10**9) %}x{% endfor %}", "adalah perintah, bukan kalimat"),
    (OPENING, "Nomor {{ x", "adalah perintah, bukan kalimat"),
    (OPENING, "Atas pengaduan {nomr}:", "mungkin maksudnya {nomor}"),
    (OPENING, "Dengan 😀 hormat", "Tidak ada pada huruf cetak dokumen: “😀”"),
    ("office.address", "Jalan 漢字 1", "Tidak ada pada huruf cetak dokumen"),
    ("wording.lembar_disposisi.instructions", "x" * 46, "Paling panjang 45 huruf tiap baris"),
    ("number.nota_dinas", "{klas}/{urut}/{tahn}/{tahun}", "“{tahn}” tidak dikenal"),
    ("number.register", "{bidang}/{urut}/{tahun}", "“{bidang}” tidak dikenal"),
    ("number.other", "{urut}/{tahun}", "muat {seri}"),
    ("number.berita_acara", "{klas}/{urut}/35.73{unit}/{tahun}", "sama dengan “Pola nomor Nota Dinas”"),
    ("number.berita_acara", "400.9/{urut}/35.73{unit}/{tahun}", "sama dengan “Pola nomor Nota Dinas”"),
    ("number.berita_acara", "pgd/{urut}/{bulan_romawi}/{tahun}", "sama dengan “Pola nomor register”"),
    ("number.register", "✓/{urut}/{tahun}", "Nomor hanya boleh berisi"),
    ("number.register", "a\u202e/{urut}/{tahun}", "Nomor hanya boleh berisi"),
    ("emergency.units", "PPA 0341 000 001\nXYZ 0341 000 002", "“XYZ 0341 000 002” tidak diawali kode unit kerja"),
    ("emergency.units", "PPA", "“PPA” tidak berakhir dengan nomor telepon"),
    ("emergency.line", "x" * 201, "Paling panjang 200 huruf sebaris"),
    ("number.register", "{tahun}/" * 6 + "{urut}", "Pola paling panjang"),
    ("number.class", "9" * 13, "Paling panjang 12 huruf"),
    *((key, code, f"“{code}” bukan kode yang benar") for key in CODES for code in NO_CODES),
    ("number.nota_dinas", "{klas}/{urut}/35.73.{unit}/{tahun}", "Nomornya menjadi “400.9/12/35.73..403/"),
    ("number.nota_dinas", "{klas}//{urut}/{tahun}", "Nomornya menjadi “400.9//12/"),
    ("number.register", "/{urut}/{tahun}", "Nomornya menjadi “/12/"),
    ("number.register", "PGD/{urut}/{tahun}.", "tidak boleh berurutan atau berada di awal atau akhir"),
]


def test_a_number_has_room_for_sixty_characters(at):
    visitor = at("admin")
    assert save(visitor, new("number.class"), value="9" * 12, valid_from=str(today())).status_code == 303
    answer = save(visitor, new("number.register"), value="{klas}" * 5 + "{urut}{tahun}", valid_from=str(today()))
    assert "menjadi lebih dari 50 huruf" in answer.text


def test_a_pattern_may_not_become_another_ones_twin_on_a_later_day(at):
    visitor, later = at("admin"), (today() + timedelta(days=40)).isoformat()
    sent = {"value": "SAMA/{urut}/{tahun}", "valid_from": later}
    assert save(visitor, new("number.nota_dinas"), **sent).status_code == 303
    answer = save(visitor, new("number.berita_acara"), **sent)
    assert "sama dengan “Pola nomor Nota Dinas”" in answer.text
    assert "sama dengan" in save(visitor, new("number.berita_acara"), value=sent["value"], valid_from=str(today())).text
    assert settings_changed().count() == 1


def test_what_cannot_stand_on_a_paper_is_refused_and_what_was_typed_stays(at):
    visitor = at("admin")
    for key, typed, sentence in WRONG:
        answer = save(visitor, new(key), value=typed, valid_from=str(today()))
        assert answer.status_code == 200, typed
        assert sentence in answer.text, typed
        assert form_on(answer.text).sent["value"] == typed
    assert not settings_changed().exists()


def test_wording_that_fails_to_print_is_refused_in_a_sentence(at, monkeypatch):
    def fails(content):
        raise PrintError("Halaman tidak dapat disusun dengan benar.")

    visitor = at("admin")
    monkeypatch.setattr(press, "draft_pdf", fails)
    answer = save(visitor, new(OPENING), value="Atas pengaduan {nomor}:", valid_from=str(today()))
    assert "Contoh Nota Dinas tidak dapat dicetak dengan isian ini. Halaman tidak dapat" in answer.text
    assert form_on(answer.text).sent["value"] == "Atas pengaduan {nomor}:"
    assert not settings_changed().exists()


def test_each_change_is_dated_and_old_papers_have_the_same_words_emblem_and_bytes(at, office, unprinted):
    visitor = at("admin")
    case, late = office.receive(2)
    office.bring([case], "submit")
    [old] = Paper.select().where((Paper.complaint == case) & (Paper.kind == "berkas_asesmen"))
    before = rendered(old)
    changes = {
        OPENING: "Sehubungan dengan pengaduan {nomor}:",
        "office.address": "Jalan Baru 9",
        "wording.berkas_asesmen.closing": "Demikian kata-kata baru.",
    }
    for key, value in changes.items():
        assert save(visitor, new(key), value=value, valid_from=str(today())).status_code == 303, key
    assert (
        save(visitor, new(EMBLEM), value=(emblem(), "kota.png"), builtin=None, valid_from=str(today())).status_code
        == 303
    )
    assert rendered(old) == before
    office.at = old.issued_at + timedelta(days=90)  # after the day from which the new values hold
    office.bring([late], "submit")
    fresh = Paper.get((Paper.complaint == late) & (Paper.kind == "berkas_asesmen"))
    said = text_of(rendered(fresh))
    assert "Demikian kata-kata baru." in said
    assert "Jalan Baru 9" in said
    assert pictures(rendered(fresh)) != pictures(before)
    assert "Demikian hasil asesmen ini" in text_of(before)
    assert {row.valid_from for row in settings_changed()} == {today()}


def text_of(printed: bytes) -> str:
    return " ".join(" ".join(pages(printed)).split())


def pictures(printed: bytes) -> set[bytes]:
    """The bytes of the pictures on a PDF's pages."""
    return {picture.data for page in PdfReader(BytesIO(printed)).pages for picture in page.images}


def rendered(paper: Paper) -> bytes:
    """The paper as the press would print it now."""
    return pdf(press.with_inlined_emblem(content_of(paper, open_seals([paper.complaint_id])[paper.complaint_id])))


# Seen beforehand


def test_papers_are_drawn_and_printed_with_what_is_only_typed(at, office):
    visitor, before = at("admin"), office.digest()
    page = visitor.get(new(OPENING)).text
    typed = {**form_on(page).sent, "value": "Sehubungan dengan aduan {nomor}:"}
    drawn = visitor.client.post(f"/pengaturan/contoh/?key={OPENING}", data=typed)
    assert "Sehubungan dengan aduan PGD/12/" in drawn.text
    printed = visitor.client.post(f"/pengaturan/contoh/nota_dinas.pdf?key={OPENING}", data=typed)
    said = text_of(printed.data)
    assert "Sehubungan dengan aduan PGD/12/" in said
    assert "DATA CONTOH" in said
    assert "KONSEP" in said
    assert office.digest() == before


def test_a_number_is_shown_as_it_would_look(at):
    visitor = at("admin")
    typed = {**form_on(visitor.get(new("number.nota_dinas")).text).sent, "value": "ND-{urut}/{bidang}/{tahun}"}
    drawn = visitor.client.post("/pengaturan/contoh/?key=number.nota_dinas", data=typed).text
    assert f"ND-12/REH/{today().year}" in drawn
    assert len(re.findall(r"ND-12/[A-Z]+/[0-9]{4}", drawn)) > 1  # the sample's own day may lie in the year before


def test_a_sample_of_what_cannot_be_set_says_why(at):
    visitor = at("admin")
    typed = {**form_on(visitor.get(new(OPENING)).text).sent, "value": "{nomr}"}
    drawn = visitor.client.post(f"/pengaturan/contoh/?key={OPENING}", data=typed)
    assert (drawn.status_code, "data-why" in drawn.text, "{nomr} tidak dikenal" in drawn.text) == (422, True, True)
    page = visitor.client.post(f"/pengaturan/contoh/nota_dinas.pdf?key={OPENING}", data=typed)
    assert (page.status_code, form_on(page.text).sent["value"]) == (422, "{nomr}")


def test_who_only_reads_the_settings_sees_samples_of_the_values_in_force_and_tries_nothing(at, unprinted):
    visitor = at("pengawas")
    assert visitor.get("/pengaturan/contoh/nota_dinas.pdf").status_code == 200
    assert visitor.get("/pengaturan/contoh/lain.pdf").status_code == 404
    assert visitor.post(f"/pengaturan/contoh/nota_dinas.pdf?key={OPENING}", value="x").status_code == 404
    assert visitor.post(f"/pengaturan/contoh/?key={OPENING}", value="x").status_code == 404
    assert "Ubah" not in visitor.text("/pengaturan/kalimat/").replace("diubah", "").replace("berubah", "")
    assert at("petugas").get("/pengaturan/contoh/nota_dinas.pdf").status_code == 403


def test_a_sample_is_of_no_real_case(at, office, unprinted):
    [case] = office.receive()
    office.bring([case], "closed")
    number = Paper.get(Paper.complaint == case).number
    assert number not in at("admin").page("/pengaturan/contoh/berita_acara.pdf")


# Invisible characters

UNSEEN = "\0\x07\u202e\u200b"


@pytest.mark.parametrize("key", [OPENING, "office.address", "office.city", BACKUP, "number.nota_dinas", "legal.answer"])
def test_a_setting_of_which_nothing_is_left_or_that_is_not_sent_is_asked_for(at, key):
    visitor, must = at("admin"), OPTIONS[key].required or not key.startswith(("office.", "backup."))
    for typed in (None, *(["\0", " \0 ", UNSEEN] if must else [])):
        answer = save(visitor, new(key), value=typed, valid_from=str(today()))
        assert answer.status_code == 200, (key, typed)
        assert "wajib diisi" in answer.text
    assert not settings_changed().exists()


def test_a_setting_is_stored_without_invisible_characters(at):
    typed = {"office.address": "Jalan\u202e Baru\x07 9\nTengah", OPENING: "Atas \u2066pengaduan {nomor}\x07:"}
    for key, value in typed.items():
        assert save(at("admin"), new(key), value=value, valid_from=str(today())).status_code == 303, key
    stored = {row.key: row.value for row in settings_changed()}
    assert stored == {"office.address": "Jalan Baru 9 Tengah", OPENING: "Atas pengaduan {nomor}:"}


# The emblem


BROKEN = [
    ("kota.png", emblem().getvalue()[:200], "berkasnya rusak atau tidak lengkap"),
    ("kota.png", b"GIF89a" + b"x" * 500, "isinya bukan JPG atau PNG"),
    ("kota.jpg", emblem().getvalue(), "isinya PNG, tetapi namanya tidak berakhir .png"),
    ("kota.pdf", b"%PDF-1.7 x", "isinya bukan JPG atau PNG"),
    ("kota.png", emblem(size=(40, 40)).getvalue(), "terlalu kecil"),
    ("kota.png", emblem(size=(3000, 1)).getvalue(), "terlalu pipih; sisi pendeknya sedikitnya 40 piksel"),
    ("kota.png", emblem(colour="white").getvalue(), "gambarnya kosong"),
]


@pytest.mark.slow("draws large pictures")
def test_an_emblem_that_will_not_do_is_refused_and_the_old_one_stays(at):
    Setting.create(key=EMBLEM, value="bawaan", valid_from=today() - timedelta(days=9))
    visitor, day = at("admin"), str(today() + timedelta(days=3))
    for name, data, sentence in BROKEN:
        answer = save(visitor, new(EMBLEM), value=(BytesIO(data), name), builtin=None, valid_from=day)
        assert answer.status_code == 200, sentence
        assert sentence in answer.text
        assert "Pilih berkasnya sekali lagi" in answer.text
        assert form_on(answer.text).sent["valid_from"] == day
    assert values(today() + timedelta(days=9))[EMBLEM] == "bawaan"
    assert not Emblem.select().exists()


def test_an_emblem_of_more_than_two_megabytes_is_too_large():
    with pytest.raises(Refused, match="lebih dari 2 MB"):
        drawn_emblem("kota.png", emblem().getvalue().ljust(MOST + 1, b"x"))


@pytest.mark.slow("draws large pictures")
def test_an_emblem_is_flattened_fitted_and_stored_by_its_content(at, office):
    visitor = at("admin")
    preview = visitor.client.post(
        f"/pengaturan/contoh/tanda_terima.pdf?key={EMBLEM}",
        data={**form_on(visitor.get(new(EMBLEM)).text).sent, "value": (emblem(), "kota.png")},
    )
    assert b"/DCTDecode" in preview.data
    assert not Emblem.select().exists()
    for file in ((emblem(), "kota.png"), (emblem(), "lagi.png")):
        assert save(visitor, new(EMBLEM), value=file, builtin=None, valid_from=str(today())).status_code == 303
    [stored] = Emblem.select()
    picture = Image.open(BytesIO(bytes(stored.data)))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (300, 360))
    assert len(bytes(stored.data)) < 40_000
    assert values()[EMBLEM] == stored.sha256
    page = visitor.get(new("office.address")).text
    address = f"/lambang/{stored.sha256[:32]}.jpg"
    assert address in page
    assert at("petugas").get(address).data == bytes(stored.data)
    assert f'<div class="sop-kop"><img src="{address}"' in at("petugas").get("/sop/").text
    assert at("petugas").get("/lambang/" + "0" * 32 + ".jpg").status_code == 404
    assert save(visitor, new(EMBLEM), builtin="y", valid_from=str(today())).status_code == 303
    assert values()[EMBLEM] == "bawaan"


def test_nothing_chosen_is_asked_for(at):
    assert "Pilih berkas gambar" in save(at("admin"), new(EMBLEM), builtin=None, valid_from=str(today())).text


def test_an_emblem_that_is_lost_is_a_sentence_and_not_another_emblem(panel, office):
    with pytest.raises(PrintError, match="Lambang pada kop"):
        press.with_inlined_emblem({"office": {"emblem": "0" * 64}})


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read(at):
    answer = at("admin").client.post(
        new(EMBLEM),
        environ_overrides={"CONTENT_LENGTH": str(100 << 20)},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "Tidak ada yang tersimpan. Tekan Kembali" in answer.text
    assert not settings_changed().exists()


# What must be there


def standing(panel) -> dict[str, bool]:
    with panel.test_request_context():
        return {item.title: item.done for item in checklist.checklist_items()}


@pytest.mark.usefixtures("clock_held")
def test_the_list_has_eight_items_and_each_is_ticked_by_what_it_asks_for(at, panel, office, unprinted):
    visitor = at("admin")
    assert len(standing(panel)) == 8
    open_ = {title for title, done in standing(panel).items() if not done}
    assert open_ == {
        "Kop dan lambang",
        "Identitas kantor",
        "Pengguna",  # of units that have neither a head nor anybody who could become one
        "Unit kerja dan pejabat",
        "Faktor kedua",
        "Cadangan",
    }
    page = visitor.get("/").text
    for name in ("address", "phone", "emblem", "unit_code"):
        assert f"{KOP}#{name}" in page, name
    assert new(BACKUP) in page
    assert save(visitor, KOP, **LETTERHEAD).status_code == 303
    assert save(visitor, new(BACKUP), value="sudah ada", valid_from=str(today())).status_code == 303
    for unit in (None, *Division.select()):
        if not Post.select().where(Post.division == unit).exists():
            Post.create(division=unit, title="KEPALA", holder=office["bidang.ppa"])
    for role in factor_rules.ASKED_FIRST:
        store_setting(f"{FACTOR}{role}", True, today())
    for username in ("kadis", "pengawas", "admin"):
        SecondFactor.create(user=office[username], sealed_key=b"", confirmed_at=now())
    assert all(standing(panel).values())
    assert "Wajib diisi: lengkap, 8 dari 8" in visitor.text("/")
    assert "Wajib diisi: lengkap, 8 dari 8" in visitor.text("/pengaturan/")
    assert "dicatat Yusuf Maulana" in visitor.text("/pengaturan/")
    assert Event.select().count() == 5


def test_a_vacant_post_or_a_missing_role_opens_its_item_again(panel, office):
    User.update(active=False).where(User.role == "petugas").execute()
    Post.update(valid_to=date(2020, 12, 31)).where(Post.division.is_null()).execute()
    with panel.test_request_context():
        lacking = [words for item in checklist.checklist_items() for words, _ in item.lacking]
    assert "Kepala Dinas belum ada" in lacking
    assert "Petugas Penanganan Pengaduan belum ada" in lacking


def test_users_come_before_heads_and_each_link_opens_the_form_filled(at, panel, office):
    """A role without anybody, a unit without anybody, a unit whose head is lacking: the form knows which."""
    [first, second] = Division.select().order_by(Division.id)[:2]
    Post.update(valid_to=date(2020, 12, 31)).where(Post.division == second).execute()
    User.update(active=False).where((User.role == "petugas") | (User.division == first)).execute()
    User.update(division=second).where(User.username == "bidang.ppa").execute()
    Post.delete().where(Post.division == first).execute()
    titles = list(standing(panel))
    assert titles.index("Pengguna") < titles.index("Unit kerja dan pejabat")
    visitor = at("admin")
    page = visitor.get("/").text
    for words, fields in (
        ("Petugas Penanganan Pengaduan belum ada", {"role": "petugas"}),
        (f"Pengguna {first} belum ada", {"role": "bidang", "division": str(first.id)}),
        (f"Kepala {first} belum ada", {"division": str(first.id)}),
        (f"Kepala {second} belum ada", {"division": str(second.id)}),
    ):
        address = unescape(re.search(rf'<a href="([^"]+)">{re.escape(words)}<', page)[1])
        sent = form_on(visitor.get(address).text).sent
        assert {name: sent[name] for name in fields} == fields, words
    assert f"Pengguna {second} belum ada" not in page


@pytest.mark.parametrize(
    "address", ["role=raja&division=999999", "role=&division=x", "role=bidang%00", "division=1&division=2"]
)
def test_only_what_may_be_picked_is_filled_in_from_an_address(at, address):
    visitor = at("admin")
    plain, asked = (form_on(visitor.get(f"/pengguna/new/{query}").text).sent for query in ("", f"?{address}"))
    assert {name: asked[name] for name in ("role", "division")} in (
        {name: plain[name] for name in ("role", "division")},
        {"role": plain["role"], "division": "1"},
    )


@pytest.mark.parametrize(("month", "done"), [(11, True), (12, False)])
def test_december_insists_on_the_cuti_bersama_of_the_next_year(panel, office, monkeypatch, month, done):
    Holiday.delete().where((Holiday.day >= date(2027, 1, 1)) & (Holiday.kind == "cuti")).execute()
    monkeypatch.setattr(checklist, "today", lambda: date(2026, month, 10))
    with panel.test_request_context():
        item = checklist._holidays()
    assert item.done is done
    assert ("cuti bersama 2027" in item.summary) is done
    assert [words for words, _ in item.lacking] == ([] if done else ["Cuti bersama 2027 belum ada"])
