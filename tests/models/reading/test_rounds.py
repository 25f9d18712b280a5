"""Staff get the e-mails that they chose: with counts, once, and only about what their own pages show them."""

import re
import threading
from datetime import date, datetime, timedelta
from typing import Any

import peewee as pw
import pytest
import time_machine

from models.complaint.complaint import Complaint
from models.email import queue, sending, smtp
from models.email.queue import QueuedEmail, ReadyEmail, WithheldEmail
from models.office.calendar import Holiday
from models.office.people import Acting, Mandate, User, today
from models.office.preferences import EmailMark, choose_email
from models.office.settings import MAIL_SENDER, store_setting
from models.reading import staff_emails
from models.reading.staff_emails import AT_ONCE, DAILY, RecentReturns, returns_since
from models.store.base import database
from sop.clock import WIB
from tests.models.email.taker import HOST, Taker, taking
from tests.office import COMMON, MONDAY, SECRET, Office, first_norm, worked

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(scope="module")
def begun(template, tmp_path_factory):
    def work(office: Office) -> None:
        """Every user has an address and has chosen all e-mails."""
        store_setting(MAIL_SENDER, "panel@dinas.example", today())
        for name, person in office.people.items():
            User.update(email=f"{name}@contoh.go.id").where(User.id == person.id).execute()
            choose_email(person, daily=True, at_once=True)

    return worked(template, tmp_path_factory.mktemp("notices"), work)


@pytest.fixture(autouse=True)
def mailing(office):
    smtp.install(f"smtp+plain://{HOST}:9")
    staff_emails.queue_due_emails(office.at)  # from here on
    yield
    smtp.install("")


def queued(kind: str) -> dict[str, str]:
    """What waits for whom, in the words in which it stands in the queue."""
    rows = QueuedEmail.select(QueuedEmail.event, User.username).join(User, on=QueuedEmail.user).tuples()
    return {name: event for event, name in rows.where(QueuedEmail.kind == kind)}


def text_for(office: Office, name: str, kind: str, at: datetime) -> str:
    email = QueuedEmail.get((QueuedEmail.user == office[name]) & (QueuedEmail.kind == kind))
    ready = staff_emails.KINDS[kind](email, at)
    assert isinstance(ready, ReadyEmail), ready
    assert ready.to == User.get_by_id(office[name].id).email
    return ready.words.text


def lines_of(text: str) -> list[str]:
    return [line[2:] for line in text.splitlines() if line.startswith("- ")]


@pytest.mark.only("sqlite")
def test_a_user_who_has_not_chosen_e_mails_or_has_no_address_gets_none(office: Office) -> None:
    choose_email(office["petugas2"], daily=False, at_once=False)
    choose_email(office["petugas"], daily=False, at_once=True)
    User.update(email=None).where(User.username.in_(["kadis", "pengawas"])).execute()
    staff_emails.queue_due_emails(office.at)
    office.bring(office.receive(2), "dispose")
    office.receive()
    staff_emails.queue_due_emails(TUESDAY)
    assert queued(DAILY) == {}
    assert "petugas2" not in queued(AT_ONCE)


def test_the_morning_says_how_much_waits_and_of_no_case_anything(office: Office) -> None:
    first, *others = office.receive(4)
    office.bring([first], "closed")
    for day in (0, 1, 5):
        office.do([first], "promise", what="Kursi roda", day=TUESDAY.date() + timedelta(days=day - 1))
    office.receive(at=TUESDAY - first_norm() / 2, persons={"pengadu": {"name": "Suparmi"}})
    staff_emails.queue_due_emails(TUESDAY)
    text = text_for(office, "petugas", DAILY, TUESDAY)
    assert lines_of(text) == [
        "4 pengaduan menunggu Anda, 3 lewat batas, 1 jatuh tempo hari ini",
        "2 janji jatuh tempo, 1 lewat tanggalnya",
        "6 dokumen menunggu tanda tangan Anda",
    ]
    row = Complaint.get_by_id(others[0])
    of_the_case = (row.number, row.title, row.category.name, "Suparmi", "Siti", "Kursi", "Bantuan", "Rina")
    assert not [word for word in of_the_case if word in text]


@pytest.mark.only("sqlite")
def test_a_working_morning_comes_once_also_where_the_panel_was_down_at_its_hour(office: Office) -> None:
    office.receive()
    saturday = datetime(2026, 10, 10, 9, 0, tzinfo=WIB)
    Holiday.create(day=date(2026, 10, 7), name="Libur")
    hours = [TUESDAY.replace(hour=6), TUESDAY.replace(hour=20), datetime(2026, 10, 7, 9, tzinfo=WIB), saturday]
    for at in hours:
        staff_emails.queue_due_emails(at)
    assert queued(DAILY) == {}
    for at in (datetime(2026, 10, 12, 14, tzinfo=WIB), datetime(2026, 10, 12, 14, 5, tzinfo=WIB)):
        staff_emails.queue_due_emails(at)
    assert [key for (key,) in QueuedEmail.select(QueuedEmail.key).where(QueuedEmail.kind == DAILY).tuples()] == [
        f"{DAILY}/{office[name].id}/2026-10-12" for name in ("petugas", "petugas2", "pengawas")
    ]


@pytest.mark.only("sqlite")
def test_where_nothing_waits_in_the_morning_none_comes_at_noon(office: Office) -> None:
    staff_emails.queue_due_emails(TUESDAY)
    office.receive(at=TUESDAY)
    staff_emails.queue_due_emails(TUESDAY + timedelta(hours=3))
    assert queued(DAILY) == {}
    staff_emails.queue_due_emails(TUESDAY + timedelta(days=1))
    assert queued(DAILY) != {}


@pytest.mark.only("sqlite")
def test_a_clock_that_ran_ahead_for_a_while_silences_no_morning_and_no_news_after(office: Office) -> None:
    ids = office.receive(2)
    office.bring(ids[:1], "approve")
    office.do(ids[:1], "send_back")
    ahead = {"queued_at": TUESDAY + timedelta(days=364), "since": TUESDAY, "state": queue.TAKEN, "mark": "m"}
    QueuedEmail.create(key="ahead", kind=AT_ONCE, user=office["staf.rehsos"], **ahead)
    staff_emails.queue_due_emails(office.at)
    assert queued(AT_ONCE).keys() == {"bidang.rehsos", "staf.rehsos"}
    assert QueuedEmail.select().where(QueuedEmail.user == office["staf.rehsos"]).count() == 2
    staff_emails.queue_due_emails(TUESDAY + timedelta(days=364))
    for at in (TUESDAY, TUESDAY + timedelta(minutes=5)):
        staff_emails.queue_due_emails(at)
    keys = QueuedEmail.select(QueuedEmail.key).where(QueuedEmail.user == office["petugas"]).tuples()
    assert [key for (key,) in keys if str(TUESDAY.date()) in key] == [
        f"{DAILY}/{office['petugas'].id}/{TUESDAY:%Y-%m-%d}"
    ]


def test_a_pengawas_reads_figures_under_his_surat_tugas_alone(office: Office) -> None:
    office.receive(2)
    staff_emails.queue_due_emails(TUESDAY)
    late = TUESDAY + timedelta(hours=1)
    assert lines_of(text_for(office, "pengawas", DAILY, late)) == ["2 pengaduan masih terbuka dan lewat waktu"]
    Mandate.update(valid_to=MONDAY.date()).execute()
    email = QueuedEmail.get(QueuedEmail.user == office["pengawas"])
    assert staff_emails.KINDS[DAILY](email, late) == WithheldEmail(staff_emails.NOTHING)
    staff_emails.queue_due_emails(TUESDAY + timedelta(days=1))
    assert QueuedEmail.select().where(QueuedEmail.user == office["pengawas"]).count() == 1


def test_returned_cases_are_reported_to_whose_turn_it_is_several_in_one_e_mail(office: Office) -> None:
    ids = office.receive(3)
    office.bring(ids, "approve")
    office.do(ids[:2], "send_back")
    staff_emails.queue_due_emails(office.at)
    assert queued(AT_ONCE) == dict.fromkeys(("bidang.rehsos", "staf.rehsos"), "kembali 2, lewat batas 0")
    text = text_for(office, "staf.rehsos", AT_ONCE, office.at)
    assert lines_of(text) == ["2 pengaduan dikembalikan kepada Anda atau dibuka kembali"]
    office.do(ids[2:], "send_back")
    staff_emails.queue_due_emails(office.at)
    assert QueuedEmail.select().count() == 2  # one has only just gone: it comes with the next
    QueuedEmail.update(state=queue.TAKEN).execute()
    staff_emails.queue_due_emails(office.at + staff_emails.COLLECTED + timedelta(minutes=5))
    assert [event for (event,) in QueuedEmail.select(QueuedEmail.event).order_by(QueuedEmail.id).tuples()][2:] == [
        "kembali 1, lewat batas 0"
    ] * 2


@pytest.mark.only("sqlite")
def test_what_was_dealt_with_meanwhile_is_not_reported(office: Office) -> None:
    ids = office.receive(2)
    office.bring(ids, "dispose")
    office.do(ids, "return_file", by="kadis")
    office.do(ids, "raise")
    staff_emails.queue_due_emails(office.at)
    assert queued(AT_ONCE) == {}


def test_a_deadline_that_passes_is_reported_once_and_another_one_anew(office: Office) -> None:
    ids = office.receive(4)
    [secret] = office.receive(category=SECRET)
    due = Complaint.get_by_id(ids[0]).row_due_at
    staff_emails.queue_due_emails(due - timedelta(minutes=1))
    assert queued(AT_ONCE) == {}
    after = Complaint.get_by_id(secret).row_due_at + timedelta(minutes=1)
    for minutes in (0, 5, 60):
        staff_emails.queue_due_emails(after + timedelta(minutes=minutes))
    assert queued(AT_ONCE) == {"petugas": "kembali 0, lewat batas 5", "petugas2": "kembali 0, lewat batas 4"}
    assert lines_of(text_for(office, "petugas", AT_ONCE, after)) == ["5 pengaduan yang menunggu Anda lewat batas"]
    QueuedEmail.update(state=queue.TAKEN).execute()
    office.bring(ids[:1], "handle", at=after)
    staff_emails.queue_due_emails(Complaint.get_by_id(ids[0]).row_due_at + timedelta(hours=1))
    assert queued(AT_ONCE)["bidang.rehsos"] == "kembali 0, lewat batas 1"


@pytest.mark.only("sqlite")
def test_the_end_of_a_legal_deadline_is_reported_too(office: Office) -> None:
    [case] = office.receive()
    law = Complaint.get_by_id(case).legal_due_at
    Complaint.update(row_due_at=None).where(Complaint.id == case).execute()
    staff_emails.queue_due_emails(law - timedelta(minutes=5))
    staff_emails.queue_due_emails(law + timedelta(minutes=5))
    assert queued(AT_ONCE)["petugas"] == "kembali 0, lewat batas 1"


@pytest.mark.only("sqlite")
def test_an_e_mail_that_is_not_wanted_or_has_no_recipient_any_more_is_not_sent(office: Office) -> None:
    office.receive()
    staff_emails.queue_due_emails(TUESDAY)
    email = QueuedEmail.get((QueuedEmail.user == office["petugas"]) & (QueuedEmail.kind == DAILY))

    def outcome(at: datetime = TUESDAY) -> Any:
        return staff_emails.KINDS[DAILY](QueuedEmail.get_by_id(email.id), at)

    assert outcome(TUESDAY + timedelta(days=1)) == WithheldEmail(staff_emails.PAST)
    choose_email(office["petugas"], daily=False, at_once=True)
    assert outcome() == WithheldEmail(staff_emails.UNWANTED)
    choose_email(office["petugas"], daily=True, at_once=False)
    User.update(email="baru@contoh.go.id").where(User.username == "petugas").execute()
    assert outcome().to == "baru@contoh.go.id"
    User.update(active=False).where(User.username == "petugas").execute()
    assert outcome() == WithheldEmail(staff_emails.GONE)
    QueuedEmail.delete().execute()
    staff_emails.queue_due_emails(TUESDAY + timedelta(days=1))
    assert "petugas" not in queued(DAILY)


def test_while_a_plh_works_in_his_post_the_plh_gets_the_e_mails(office: Office) -> None:
    office.bring(office.receive(), "dispose")
    day = TUESDAY.date()
    decree = {"decree": "800/7", "decree_date": day, "valid_from": day, "valid_to": day}
    Acting.create(kind="Plh.", division=None, user=office["bidang.ppa"], **decree)
    staff_emails.queue_due_emails(TUESDAY)
    assert {"bidang.ppa"} <= queued(DAILY).keys()
    assert "kadis" not in queued(DAILY) | queued(AT_ONCE)
    staff_emails.queue_due_emails(TUESDAY + timedelta(days=1))
    assert "kadis" in queued(DAILY)


def test_two_simultaneous_rounds_and_a_restore_report_nothing_twice(office: Office, monkeypatch) -> None:
    office.receive()
    together = threading.Barrier(2)

    def both_have_looked(*asked: Any) -> RecentReturns:
        recent = returns_since(*asked)
        together.wait(30)
        return recent

    def go() -> None:
        with database.connection_context():
            staff_emails.queue_due_emails(TUESDAY)

    monkeypatch.setattr(staff_emails, "returns_since", both_have_looked)
    others = [threading.Thread(target=go) for _ in range(2)]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join()
    monkeypatch.undo()
    assert QueuedEmail.select().where(QueuedEmail.kind == AT_ONCE).count() == 2
    QueuedEmail.delete().execute()
    EmailMark.delete().execute()  # neither comes back with a backup
    staff_emails.queue_due_emails(TUESDAY)
    assert not QueuedEmail.select().exists()


@pytest.mark.only("sqlite")
def test_what_goes_is_read_back_from_the_server_and_the_switch_is_the_office_s_own(office: Office) -> None:
    smtp.install("")
    office.receive()
    staff_emails.queue_due_emails(TUESDAY)
    assert not QueuedEmail.select().exists()
    smtp.install(f"smtp+plain://{HOST}:9")
    choose_email(office["petugas2"], daily=False, at_once=False)
    staff_emails.queue_due_emails(TUESDAY)
    with taking(Taker()) as taker, time_machine.travel(TUESDAY + timedelta(minutes=1)):
        smtp.install(f"smtp+plain://{HOST}:{taker.port}")
        store_setting(MAIL_SENDER, "panel@dinas.example", today())
        sending.send_waiting(staff_emails.KINDS)
    read = [email.decode() for email in taker.emails]
    assert len(read) == QueuedEmail.select().where(QueuedEmail.state == queue.TAKEN).count() > 0
    assert not [one for one in read if "PGD" in one or COMMON in one]


@pytest.mark.only("sqlite")
def test_a_round_reads_no_table_that_grows_from_end_to_end(office: Office) -> None:
    office.bring(office.receive(2), "approve")
    office.do([Complaint.select().first().id], "send_back")
    sent: list[tuple[str, Any]] = []
    real = pw.Database.execute_sql

    def keep(self: pw.Database, sql: str, params: Any = None) -> Any:
        sent.append((sql, params))
        return real(self, sql, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pw.Database, "execute_sql", keep)
        staff_emails.queue_due_emails(TUESDAY)
    assert len(queued(AT_ONCE)) == 3
    for sql, params in sent:
        if sql.startswith("SELECT"):
            growing = set(re.findall(r'"(?:event|complaint|addressee|queued_letter)" AS "(t\d+)"', sql))
            plan = [row[-1] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
            assert not [line for line in plan for alias in growing if line.startswith(f"SCAN {alias}")], (sql, plan)


@pytest.mark.only("sqlite")
def test_a_round_without_news_takes_few_queries_however_many_have_chosen(office: Office) -> None:
    sent: list[str] = []
    real = pw.Database.execute_sql
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pw.Database, "execute_sql", lambda self, sql, *rest: sent.append(sql) or real(self, sql, *rest))
        staff_emails.queue_due_emails(office.at + timedelta(minutes=5))
    assert 0 < len([sql for sql in sent if sql.startswith("SELECT")]) <= 12, sent
