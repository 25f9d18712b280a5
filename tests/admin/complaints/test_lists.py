"""The lists of complaints and of records: what is in them, for whom, in which order, and at what cost."""

import csv
import io
import itertools
import re

import lxml.html
import peewee as pw
import pytest

from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from models.complaint.complaint import Complaint
from models.office.people import Division, User
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS
from sop.vocabulary import CLOSED, vocabulary
from tests.admin.doors import words
from tests.office import EMERGENCY, SECRET

NUMBER = re.compile(r"400\.9/[0-9]+/35\.73/2026(?: \(batal\))?")
LISTS = ("/pengaduan/", "/disposisi/", "/asesmen/", "/nota-dinas/", "/berita-acara/", "/dokumen/", "/riwayat/")
SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BEFORE = ("", " ", ";", "; ", "\t", "\n", "\r", ';"', ';""', "a\tb;\n")


@pytest.fixture
def queries(monkeypatch):
    seen = []
    real = pw.Database.execute_sql

    def count(self, sql, params=None, *rest):
        seen.append(sql)
        return real(self, sql, params, *rest)

    monkeypatch.setattr(pw.Database, "execute_sql", count)
    return seen


def rows(page):
    return [words(one) for one in re.findall(r"<tr>.*?</tr>", page, re.S)[1:]]


def test_emergencies_stand_first_then_what_is_due_first_then_what_has_ended(at, office):
    kadis = at("kadis")
    [ended] = office.receive()
    office.do([ended], "withdraw")
    [late, later] = office.receive(1) + office.receive(1)
    [urgent] = office.receive(category=EMERGENCY, emergency=True)
    numbers = [Complaint.get_by_id(i).number for i in (urgent, late, later, ended)]
    shown = rows(kadis.get("/pengaduan/").text)
    assert [number for row in shown for number in numbers if number in row.split()] == numbers
    assert "Darurat" in shown[0]


@pytest.mark.parametrize("path", ["/nota-dinas/", "/dokumen/"])
def test_no_list_finds_a_case_by_a_number_that_its_title_shows_masked(at, office, path):
    [case] = office.receive()
    office.bring([case], "approve")
    title = "Bantuan untuk 081234567890 belum diterima"  # as it was stored before numbers were lifted out of titles
    Complaint.update(title=title).where(Complaint.id == case).execute()
    kadis, number = at("kadis"), Complaint.get_by_id(case).number
    assert number in kadis.get(f"{path}?search=Bantuan+belum").text
    page = kadis.get(f"{path}?search=Bantuan").text
    assert "081234567890" not in page
    for typed in ("081234567890", "08123", "Bantuan+4567890"):
        assert number not in kadis.get(f"{path}?search={typed}").text, typed


def test_the_list_takes_six_statements_of_its_own(at, office, queries):
    petugas = at("petugas")
    office.receive(15)
    for page in ("/sop/", "/pengaduan/"):  # whose SQL is built at the first visit
        petugas.get(page)
    queries.clear()
    petugas.get("/sop/")
    frame = len(queries)
    queries.clear()
    assert petugas.get("/pengaduan/").status_code == 200
    assert len(queries) - frame <= 6


@pytest.mark.parametrize("path", ["/disposisi/", "/nota-dinas/", "/dokumen/", "/riwayat/"])
def test_the_other_lists_do_not_ask_row_by_row(at, office, queries, path):
    kadis = at("kadis")
    office.bring(office.receive(12), "approve")
    kadis.get("/sop/")
    queries.clear()
    assert kadis.get(path).status_code == 200
    assert len(queries) <= 12


@pytest.mark.parametrize("sought", ["Maslikah", "bantuan juli", "PGD/1/", "pgd/1/x", "LAPOR-77", "lapor-7712"])
def test_search_finds_number_ticket_title_story_and_the_pengadus_name(at, office, sought):
    petugas = at("petugas")
    [one] = office.receive(medium_ref="LAPOR-7712")
    assert Complaint.get_by_id(one).number in petugas.get(f"/pengaduan/?search={sought}").text
    assert "Tidak ada yang cocok" in petugas.get("/pengaduan/?search=zzz").text


def test_each_state_filters_the_list_to_its_queue(at, office):
    kadis = at("kadis")
    [raised], [first] = office.receive(), office.receive()
    office.bring([raised], "dispose")
    numbers = {i: Complaint.get_by_id(i).number for i in (raised, first)}
    page = kadis.get("/pengaduan/?flt0_0=dispose").text
    assert numbers[raised] in page
    assert numbers[first] not in page


@pytest.mark.parametrize(
    ("chosen", "filter_words"),
    [
        ("flt0_0=dispose", "Status: Menunggu disposisi"),
        ("flt0_0=dispose&flt6_6=2026-01-31", "Diterima sejak: 31 Jan 2026"),
        ("search=tidak-ada&flt0_0=dispose", "Status: Menunggu disposisi"),
    ],
)
def test_what_a_list_is_filtered_by_stands_in_words_above_it(at, office, chosen, filter_words):
    page = at("kadis").get(f"/pengaduan/?{chosen}").text
    assert f">{filter_words}<span" in page
    assert "<details open" not in page.split("</form>")[0]


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_for(at, office, day):
    pengawas, kadis = at("pengawas"), at("kadis")
    office.bring(office.receive(), CLOSED)
    for noun in ("pengaduan", "riwayat", "dokumen", "disposisi", "hari-libur"):
        names = re.findall(r'type="date" name="(flt[0-9_]+)"', pengawas.get(f"/{noun}/").text)
        assert names
        assert [name for name in names if pengawas.get(f"/{noun}/?{name}={day}").status_code != 200] == []
    [*_, last] = [step.key for step in current_procedure().main_line if step.actor == KEPALA_DINAS]
    assert kadis.get(f"/meja/{last}/daftar/?tanggal={day}").status_code == 200


COUNTED_UP = ("/pengaduan/?sort=0", "/disposisi/?sort=0", "/dokumen/?sort=1&flt0_0=lembar_disposisi")


@pytest.mark.parametrize("path", COUNTED_UP)
def test_numbers_are_sorted_by_their_place_and_not_as_text(at, office, path):
    kadis = at("kadis")
    office.bring(office.receive(11), "handle")
    numbers = [c.number for c in Complaint.select().order_by(Complaint.id)]
    for address, order in ((path, numbers), (f"{path}&desc=1", numbers[::-1])):
        shown = [row.split() for row in rows(kadis.get(address).text)]
        assert [number for row in shown for number in order if number in row] == order


def test_people_are_sorted_without_regard_to_capitals(at):
    admin = at("admin")
    User.update(name="dr. Nirmala").where(User.username == "kadis").execute()
    User.update(name="Wening").where(User.username == "petugas").execute()
    page = admin.get("/pengguna/").text
    assert page.index(">dr. Nirmala<") < page.index(">Wening<")
    choices = admin.get("/tim-tetap/new/").text
    assert choices.index(">dr. Nirmala<") < choices.index(">Wening<")


def test_late_by_the_sop_and_by_law_is_shown_in_words_and_can_be_filtered(at, office):
    kadis = at("kadis")
    office.receive()
    page = kadis.text("/pengaduan/?flt1_1=sop")
    assert "Lewat SOP" in page
    assert "Lewat batas peraturan" in kadis.text("/pengaduan/?flt1_1=peraturan")


def test_a_unit_sees_its_own_cases_only_and_a_secret_one_stays_with_its_head(at, office):
    [own], [secret] = office.receive(), office.receive(category=SECRET)
    rehsos, ppa = Division.get(code="REHSOS").id, Division.get(code="PPA").id
    office.bring([own, secret], "dispose")
    office.do([own], "dispose", unit=rehsos)
    office.do([secret], "dispose", unit=ppa)
    numbers = [Complaint.get_by_id(i).number for i in (own, secret)]
    seen = {
        who: [n for n in numbers if n in at(who).get("/pengaduan/").text] for who in ("bidang.rehsos", "bidang.ppa")
    }
    assert seen == {"bidang.rehsos": numbers[:1], "bidang.ppa": numbers[1:]}
    assert at("bidang.rehsos").get(f"/pengaduan/details/?id={secret}").status_code == 404


def test_the_export_holds_no_identity(at, office):
    petugas = at("petugas")
    person = {"name": "Siti Maslikah", "nik": "9912345678901234", "phone": "081234567890", "address": "Jalan Mawar 1"}
    office.receive(persons={"pengadu": person})
    text = petugas.get("/pengaduan/export/csv/").text
    [_, line] = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert line[0].startswith("PGD/1/")
    assert not [value for value in person.values() if value in text]


def exporting(at):
    views = views_of(at("petugas").client.application)
    return [view for view in views if isinstance(view, PanelView) and view.can_export]


def test_each_exported_column_is_headed_by_what_stands_under_it_and_nothing_else(at):
    """On screen a column may stack two facts under one head; a column of the export holds one, its model's."""
    views = exporting(at)
    assert views
    for view in views:
        columns = dict(zip((name for name, _ in view.get_export_columns()), view.exports.columns(), strict=True))
        heads = [column.head for column in columns.values()]
        assert len(set(heads)) == len(heads), heads
        for name, column in columns.items():
            field = view.model._meta.fields.get(name)
            assert " dan " not in column.head, column.head
            assert field is None or column.head == str(field.verbose_name), (name, column.head)


def test_the_export_of_complaints_says_of_each_fact_what_it_is(at, office):
    petugas = at("petugas")
    [one] = office.receive()
    complaint = Complaint.get_by_id(one)
    text = petugas.get("/pengaduan/export/csv/").text.removeprefix("\ufeff")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["Nomor register"] == complaint.number
    assert (row["Judul"], row["Kategori"]) == (complaint.title, complaint.category.name)
    assert (row["Status"], row["Unit kerja penanggung jawab"]) == (current_procedure().state_label(complaint.state), "")
    assert row["Darurat"] == "Tidak"


def test_only_the_petugas_is_offered_to_record_a_complaint(at):
    for who in ("petugas", "kadis", "bidang.rehsos", "pengawas"):
        assert ('href="/pengaduan/new/"' in at(who).get("/pengaduan/").text) is (who == "petugas")


@pytest.mark.parametrize("path", LISTS)
def test_the_admin_reads_no_content_and_a_stranger_signs_in_first(at, stranger, office, path):
    office.receive()
    assert stranger.get(path).status_code == 302
    answer = at("admin").get(path)
    number = Complaint.select().get().number
    assert answer.status_code == 403 or number not in answer.text


def test_every_record_of_the_main_line_has_a_list_and_a_page_with_its_blanks(at, office):
    kadis = at("kadis")
    office.bring(office.receive(), CLOSED)
    for key in dict.fromkeys(t.record for t in current_procedure().main_line if t.record):
        record = RECORDS[key].get()
        view = next(v for v in views(kadis) if getattr(v, "model", None) is RECORDS[key])
        assert record.complaint.number in kadis.get(f"/{view.endpoint}/").text
        page = kadis.text(f"/{view.endpoint}/details/?id={record.id}")
        filled = [
            f for f in RECORDS[key].blanks() if isinstance(getattr(record, f.name), str) and getattr(record, f.name)
        ]
        assert filled, key
        assert all(str(blank.verbose_name) in page for blank in filled), key


def views(visitor):
    return views_of(visitor.client.application)


def test_an_act_on_dispositions_opens_the_step_page_for_their_complaints(at, office):
    kadis = at("kadis")
    ids = office.receive(2)
    office.bring(ids, "approve")
    chosen = [str(r.id) for r in RECORDS["disposition"].select()]
    answer = kadis.post("/disposisi/action/", action="approve", rowid=chosen)
    if answer.status_code in (302, 303):
        answer = kadis.get(answer.location)
    assert all(Complaint.get_by_id(i).number in answer.text for i in ids)


def test_a_new_disposition_asks_which_waiting_complaint_is_meant(at, office):
    [waiting], [other] = office.receive(), office.receive()
    kadis = at("kadis")
    office.bring([waiting], "dispose")
    page = kadis.get("/disposisi/new/").text
    assert Complaint.get_by_id(waiting).number in page
    assert Complaint.get_by_id(other).number not in page
    assert 'action="/pengaduan/langkah/dispose/"' in page
    assert at("petugas").get("/disposisi/new/").status_code == 403


def test_a_draft_is_shown_as_konsep(at, office):
    rehsos = at("bidang.rehsos")
    [one] = office.receive()
    office.bring([one], "handle")
    head = office.actor(vocabulary().transitions["handle"], one)
    blanks = office.blanks(one, "handle", head) | {"facts": "Fakta awal"}
    assert workflow.save_draft(one, "handle", by=head, blanks=blanks).done
    assert "KONSEP" in rehsos.text("/asesmen/")
    assert "KONSEP" in rehsos.text(f"/pengaduan/details/?id={one}")


def test_a_nota_dinas_says_what_was_decided_on_it(at, office):
    kadis = at("kadis")
    ids = office.receive(3)
    office.bring(ids, "approve")
    [_, approved, returned] = ids
    office.do([approved], "approve")
    office.do([returned], "send_back")
    assert decisions(kadis, *ids) == [["Menunggu"], ["Disetujui"], ["Dikembalikan"]]
    office.bring([returned], "approve")
    assert decisions(kadis, returned) == [["Menunggu", "Digantikan revisi"]]


def test_only_what_was_sent_back_is_marked_so(at, office):
    kadis = at("kadis")
    withdrawn, refused = office.receive(2)
    office.bring([withdrawn, refused], "approve")
    office.do([withdrawn], "withdraw")
    assert decisions(kadis, withdrawn) == [["–"]]
    office.do([withdrawn], "reopen")
    office.do([refused], "send_back")
    office.do([refused], "refuse")
    assert decisions(kadis, withdrawn, refused) == [["–"], ["Dikembalikan"]]


def test_each_nota_dinas_stands_under_its_own_number(at, office):
    [case] = office.receive()
    office.bring([case], "approve")
    for step in ("send_back", "refuse", "dispose"):
        office.do([case], step)
    kadis = at("kadis")
    assert NUMBER.findall(kadis.text("/nota-dinas/")) == ["400.9/1/35.73/2026 (batal)"]
    office.bring([case], "approve")
    assert NUMBER.findall(kadis.text("/nota-dinas/")) == ["400.9/2/35.73/2026", "400.9/1/35.73/2026 (batal)"]
    model = RECORDS["nota_dinas"]
    former, later = (row.id for row in model.select().order_by(model.id))
    assert "400.9/1/35.73/2026 (batal)" in kadis.text(f"/nota-dinas/details/?id={former}")
    assert "400.9/2/35.73/2026" in kadis.text(f"/nota-dinas/details/?id={later}")


def decisions(visitor, *cases):
    """Of each case the decisions on its texts, the latest text first."""
    page = lxml.html.fromstring(visitor.get("/nota-dinas/").text)
    cells = ("string(th)", "string(td[@data-label='Keputusan'])")
    pairs = [tuple(row.xpath(cell).strip() for cell in cells) for row in page.xpath("//tbody/tr")]
    numbers = [Complaint.get_by_id(case).number for case in cases]
    return [[decision for number, decision in pairs if number == mine] for mine in numbers]


@pytest.mark.parametrize("path", ["/pengaduan/", "/nota-dinas/", "/dokumen/"])
def test_an_action_reaches_no_row_that_the_person_may_not_see(at, office, path):
    head = at("bidang.rehsos")
    [secret] = office.receive(category=SECRET)
    office.bring([secret], "dispose")
    office.do([secret], "dispose", unit=Division.get(code="PPA").id)
    office.bring([secret], "approve")
    for typed in ("1", "abc", "0", "9" * 12):
        answer = head.post(f"{path}action/", action="merge", rowid=[typed])
        assert answer.status_code == 404, typed
    assert head.post(f"{path}action/", action="delete", rowid=["1"]).status_code == 404


def test_a_formula_in_a_title_is_harmless_in_the_export(at, office):
    petugas = at("petugas")
    office.receive(title="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in petugas.get("/pengaduan/export/csv/").text


@pytest.mark.only("sqlite")
def test_no_cell_becomes_a_formula_wherever_a_spreadsheet_splits_the_export(at, office):
    """The Indonesian Excel splits at the semicolon, a pasted text at the tab, and then no quotes hold."""
    for before, sign in itertools.product(BEFORE, SIGNS):
        office.receive(title=f"{before}{sign}HYPERLINK(A1);x")
    text = at("petugas").get("/pengaduan/export/csv/").text.removeprefix("\ufeff")
    split = [csv.reader(io.StringIO(text, newline=""), delimiter=mark) for mark in ",;\t"]
    cells = [cell for lines in [*split, (re.split(r"[;\t\r\n]", text),)] for line in lines for cell in line]
    assert sum("HYPERLINK" in cell for cell in cells) == 4 * len(BEFORE) * len(SIGNS)
    assert not [cell for cell in cells if cell.strip(' "').startswith(SIGNS)]


@pytest.mark.only("sqlite")
def test_every_cell_of_the_export_stands_in_quotes(at, office):
    office.receive()
    lines = at("petugas").get("/pengaduan/export/csv/").text.removeprefix("\ufeff").splitlines()
    assert len(lines) == 2
    assert all(line.startswith('"') and line.endswith('"') and '",,' not in line for line in lines)


def test_the_state_is_sorted_as_the_sop_runs(at, office):
    ids = office.receive(len(current_procedure().awaited))
    for one, state in zip(ids, current_procedure().awaited, strict=True):
        office.bring([one], state)
    kadis = at("kadis")
    assert in_order(kadis, "/pengaduan/?sort=2", ids) == ids
    assert in_order(kadis, "/pengaduan/?sort=2&desc=1", ids) == ids[::-1]


def test_what_has_no_limit_stands_last_whichever_way_limits_are_sorted(at, office):
    ids = ended, first, second = office.receive() + office.receive() + office.receive()
    office.do([ended], "withdraw")
    kadis = at("kadis")
    assert in_order(kadis, "/pengaduan/?sort=3", ids) == [first, second, ended]
    assert in_order(kadis, "/pengaduan/?sort=3&desc=1", ids) == [second, first, ended]


def in_order(visitor, path, ids):
    """These complaints in the order in which a list shows them."""
    numbers = {Complaint.get_by_id(one).number: one for one in ids}
    said = [word for row in rows(visitor.get(path).text) for word in row.split()]
    return [numbers[word] for word in dict.fromkeys(said) if word in numbers]


def test_the_sop_s_acts_come_before_what_is_done_with_papers(at, office):
    office.receive()
    bar = at("kadis").get("/pengaduan/").text.partition('id="bulk"')[2]
    names = re.findall(r'name="action" value="([^"]+)"', bar)
    own = [n for n in names if n in vocabulary().transitions]
    assert own
    assert names[: len(own)] == own


@pytest.mark.only("sqlite")
def test_a_range_of_days_is_named_as_one_says_it(at, office) -> None:
    text = at("petugas").text("/dokumen/")
    assert "Terbit sejak" in text
    assert "pada sejak" not in text
