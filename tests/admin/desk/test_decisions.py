"""The desk decides exactly what was ticked, each case with its own blanks and at the version that was shown."""

import re
from typing import Any

import peewee as pw
import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.decree import is_headless
from models.office.lists import Category
from models.office.people import Division, Post, User, today
from models.reading import queue
from models.reading.desk import steps_of_desk
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.clock import HoursUnknown
from sop.vocabulary import vocabulary
from tests.admin import forms
from tests.admin.desk.desktop import (
    alone,
    ask,
    laid,
    lying,
    on_desk,
    reason,
    send,
    ticked,
)
from tests.admin.doors import words
from tests.admin.forms import form_on
from tests.models.workflow.acting import at_once
from tests.office import EMERGENCY, SECRET, Office


def approval(case: int) -> Any:
    return RECORDS["approval"].get(RECORDS["approval"].complaint == case)


def test_what_is_ticked_is_approved_and_nothing_else_and_its_papers_come_together(at: Any, office: Office) -> None:
    first, second, third = on_desk(office, "approve")
    kadis = at("kadis")
    answer = send(kadis, "approve", kadis.get("/meja/approve/").text, first, third)
    assert answer.status_code == 200
    assert [office.state(case) for case in (first, second, third)] == ["deliver", "approve", "deliver"]
    assert "2 pengaduan selesai diproses" in words(answer.text)
    assert answer.text.count('name="rowid"') == 2
    assert approval(first).outcome == "setuju"


def test_a_note_of_one_case_is_that_cases_only(at: Any, office: Office) -> None:
    with_note, plain = on_desk(office, "approve", 2)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    send(
        kadis,
        "approve",
        page,
        with_note,
        plain,
        **laid("approve", with_note, lying(page)[with_note], note="Segera sampaikan."),
    )
    assert (approval(with_note).outcome, approval(with_note).note) == ("catatan", "Segera sampaikan.")
    assert (approval(plain).outcome, approval(plain).note) == ("setuju", "")


@pytest.mark.parametrize(("key", "back"), [("dispose", "return_file"), ("approve", "send_back")])
def test_a_case_goes_back_with_its_reason_although_it_was_ticked(at: Any, office: Office, key: str, back: str) -> None:
    going, staying = on_desk(office, key, 2)
    kadis, why = at("kadis"), reason(back)
    page = kadis.get(f"/meja/{key}/").text
    answer = send(
        kadis, key, page, going, staying, **laid(back, going, lying(page)[going], reason=why, note="Lengkapi.")
    )
    assert office.state(going) == vocabulary().transitions[back].to
    assert office.state(staying) != key
    assert f"Sudah {vocabulary().transitions[back].done[1]} 1" in words(answer.text)
    remark = RECORDS["remark"].get((RECORDS["remark"].complaint == going) & (RECORDS["remark"].act == back))
    assert (remark.reason, remark.note) == (why, "Lengkapi.")


@pytest.mark.parametrize(
    ("fault", "said"),
    [(pw.OperationalError("database is locked"), "belum tersimpan"), (HoursUnknown(), "tidak ada yang tersimpan")],
)
def test_a_sheet_is_decided_on_wholly_or_not_at_all(
    at: Any, office: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    """What goes back, what has a note of its own and the rest are three acts of the writer, and one of the person's."""
    going, with_note, plain = on_desk(office, "approve")
    kadis, before, moved, write = at("kadis"), office.digest(), list[str](), workflow.advance

    def failing(ids: Any, transition: str, **given: Any) -> Any:
        moved.append(transition)
        if len(moved) == 3:
            raise fault
        return write(ids, transition, **given)

    page = kadis.get("/meja/approve/").text
    back = laid("send_back", going, lying(page)[going], reason=reason("send_back"))
    note = laid("approve", with_note, lying(page)[with_note], note="Segera sampaikan.")
    both = {**back, **note, "open": [back["open"], note["open"]]}
    monkeypatch.setattr(workflow, "advance", failing)
    answer = send(kadis, "approve", page, with_note, plain, **both)
    assert moved == ["send_back", "approve", "approve"]
    assert (answer.status_code, said in words(answer.text)) == (
        503 if isinstance(fault, pw.PeeweeException) else 409,
        True,
    )
    assert office.digest() == before


def test_without_a_reason_it_does_not_go_back_and_what_was_typed_stays(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    answer = send(kadis, "approve", page, **laid("send_back", case, lying(page)[case], reason="", note="Belum jelas."))
    assert answer.status_code == 409
    assert office.state(case) == "approve"
    assert "Belum jelas.</textarea>" in answer.text
    assert "Alasan: " in words(answer.text)


def test_a_case_that_changed_meanwhile_is_refused_alone_and_shown_with_what_changed(at: Any, office: Office) -> None:
    changed, other = on_desk(office, "approve", 2)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    office.do([changed], "recall", reason=reason("recall"))
    office.do([changed], "submit", answer="Jawaban yang sudah diganti.")
    answer = send(kadis, "approve", page, changed, other)
    assert [office.state(case) for case in (changed, other)] == ["approve", "deliver"]
    assert list(lying(answer.text)) == [changed]
    assert not ticked(answer.text)
    assert "telah diubah oleh Bambang Hartono" in words(answer.text)
    assert "Usul jawaban Contoh usul jawaban kepada pengadu Jawaban yang sudah diganti." in words(answer.text)
    assert send(kadis, "approve", answer.text, changed).status_code == 200
    assert office.state(changed) == "deliver"


@pytest.mark.parametrize("key", [step.key for step in steps_of_desk()])
def test_pick_all_leaves_out_what_is_decided_on_one_by_one(at: Any, office: Office, key: str) -> None:
    plain, urgent = on_desk(office, key, 1), on_desk(office, key, 1, category=EMERGENCY, emergency=True)
    watched, secret = on_desk(office, key, 1, law_class="berkadar"), on_desk(office, key, 1, category=SECRET)
    kadis = at("kadis")
    page = kadis.get(f"/meja/{key}/").text
    assert alone(page) == {*urgent, *watched, *secret}
    said = [f"{Complaint.get_by_id(case).number}: {why}" for [case], why in ((urgent, "darurat"), (secret, "rahasia"))]
    assert all(why in words(page) for why in (*said, "3 tidak ikut: "))
    assert ticked(send(kadis, key, page, do="all").text) == set(plain)
    assert office.state(plain[0]) == key
    assert queue.together(viewer(office["kadis"]), vocabulary().transitions[key], office.at, 9) == plain


def test_pick_all_leaves_out_what_came_back_once(at: Any, office: Office) -> None:
    _, returned = on_desk(office, "approve", 2)
    office.do([returned], "send_back")
    office.bring([returned], "approve")
    assert alone(at("kadis").get("/meja/approve/").text) == {returned}


def test_without_a_proposed_unit_nothing_is_offered_as_proposed(at: Any, office: Office) -> None:
    Category.update(unit=None).where(Category.code == SECRET).execute()
    [plain], [lacking] = on_desk(office, "dispose", 1), office.receive(category=SECRET)
    office.do([lacking], "raise")
    kadis = at("kadis")
    page = kadis.get("/meja/dispose/").text
    assert re.findall(r'value="only:(\d+):', page) == [str(plain)]
    assert "Belum diusulkan unit kerja tujuan" in words(page)
    answer = send(kadis, "dispose", page, lacking)
    assert (answer.status_code, office.state(lacking)) == (409, "dispose")
    number, unit = Complaint.get_by_id(lacking).number, "unit kerja tujuan"
    assert f"1 tidak ikut: rahasia, {unit} belum diusulkan {number}: " in words(page)
    assert f"{unit} belum diusulkan" in words(page)
    kadis.get(f"/meja/dispose/{lacking}/")
    asked = ask(kadis, "dispose", page, do=f"ready:dispose:{lacking}:{lying(page)[lacking]}")  # before it waits
    assert asked == (409, {"refused": f"Pengaduan {number}: pilih dahulu {unit}."})


NO_HEAD = "belum mempunyai kepala yang menjabat"
WAY_OUT = (
    f"UPT Perlindungan Perempuan dan Anak {NO_HEAD}: Nota Dinasnya belum dapat dinaikkan. Tunjuk Plt. dengan surat "
    "perintah, lalu minta pengelola sistem (Yusuf Maulana) mendaftarkannya."
)


def test_a_unit_without_a_head_is_named_before_and_after_disposing_and_gets_the_case_all_the_same(
    at: Any, office: Office
) -> None:
    unit = Division.get(code="PPA")
    ids, kadis = on_desk(office, "dispose", 4, category=SECRET), at("kadis")
    page = kadis.get("/meja/dispose/").text
    assert "Kepala unit kerja belum ada yang menjabat" not in words(page)
    Post.delete().where(Post.division == unit).execute()
    page = kadis.get("/meja/dispose/").text
    assert words(page).count("Kepala unit kerja belum ada yang menjabat") == len(ids)
    for path in ("/meja/dispose/", step_path(ids[:1]), step_path(ids)):
        text = words(kadis.get(path).text)
        assert f"{unit.name} ({NO_HEAD})" in text, path
        assert "minta pengelola sistem (Yusuf Maulana) mendaftarkannya." in text, path
    first, second, third, fourth = ids
    assert WAY_OUT in words(send(kadis, "dispose", page, do=f"only:{first}:{lying(page)[first]}").text)
    assert WAY_OUT in words(send(kadis, "dispose", page, second, third).text)
    sent = form_on(kadis.get(step_path([fourth])).text).sent
    done = forms.send(kadis, "/pengaduan/langkah/dispose/", sent, do="perform")
    assert WAY_OUT in words(kadis.get(done.location).text)
    assert [office.state(case) for case in ids] == ["handle"] * 4


def test_an_acting_head_is_a_head_and_one_whose_account_is_switched_off_is_none(office: Office) -> None:
    units = {row.code: row.id for row in Division.select()}
    both = Division.select().where(is_headless(today()) & Division.code.in_(["REHSOS", "PPA"]))
    assert list(both) == []
    User.update(active=False).where(User.username.in_(["bidang.rehsos", "bidang.ppa"])).execute()
    at_once(office, "staf.rehsos", division=units["REHSOS"], kind="Plt.", valid_to=None)
    assert [unit.id for unit in both.clone()] == [units["PPA"]]


def step_path(ids: list[int]) -> str:
    return "/pengaduan/langkah/dispose/?" + "&".join(f"id={case}" for case in ids)


def test_dispositions_go_as_proposed_with_one_tap(at: Any, office: Office) -> None:
    ids = on_desk(office, "dispose")
    kadis = at("kadis")
    page = kadis.get("/meja/dispose/").text
    version = lying(page)[ids[0]]
    assert f'value="only:{ids[0]}:{version}">Sesuai usulan' in page
    answer = send(kadis, "dispose", page, *ids[1:], do=f"only:{ids[0]}:{version}")
    assert answer.status_code == 200
    assert [office.state(case) for case in ids] == ["handle", "dispose", "dispose"]
    number = Complaint.get_by_id(ids[0]).number
    assert f"Pengaduan telah didisposisikan. Pengaduan {number}" in words(answer.text)
    assert (set(lying(answer.text)), ticked(answer.text)) == (set(ids[1:]), set(ids[1:]))  # the desk goes on
    assert 'name="baca"' not in answer.text
    again = send(kadis, "dispose", answer.text, do=f"only:{ids[0]}:{version}")
    assert again.status_code == 200  # sent twice, it is answered as done
    assert set(lying(again.text)) == set(ids[1:])


def test_dispositions_go_together_each_with_its_own(at: Any, office: Office) -> None:
    changed, proposed = on_desk(office, "dispose", 2)
    ppa, kadis = Division.get(code="PPA"), at("kadis")
    page = kadis.get("/meja/dispose/").text
    own = laid(
        "dispose",
        changed,
        lying(page)[changed],
        unit=ppa.id,
        urgency="segera",
        instructions=["Kunjungan lapangan"],
        note="Hari ini.",
    )
    assert send(kadis, "dispose", page, changed, proposed, **own).status_code == 200
    made = {one.complaint_id: one for one in RECORDS["disposition"].select()}
    assert (made[changed].unit_id, made[changed].urgency, made[changed].note) == (ppa.id, "segera", "Hari ini.")
    assert made[changed].instructions == ["Kunjungan lapangan"]
    assert made[proposed].unit_id != ppa.id
    assert Complaint.get_by_id(changed).unit_id == ppa.id


def test_unticked_instructions_are_not_proposed_again(at: Any, office: Office) -> None:
    [case] = on_desk(office, "dispose", 1)
    kadis = at("kadis")
    page = kadis.get("/meja/dispose/").text
    unit = Division.get(code="REHSOS").id
    send(kadis, "dispose", page, case, **laid("dispose", case, lying(page)[case], unit=unit, urgency="biasa", note=""))
    assert RECORDS["disposition"].get().instructions == []
