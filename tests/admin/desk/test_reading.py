"""The desk reads: a card laid open shows the whole matter and draws its paper; decided on there, the next lies open."""

from typing import Any

import pytest

from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.reading.desk import steps_of_desk
from models.records.registry import RECORDS
from sop.flow import current_procedure
from sop.procedure import ROWS, Transition
from sop.vocabulary import vocabulary
from tests.admin.desk.desktop import laid, lying, on_desk, reason, send, ticked
from tests.admin.doors import Visitor, words
from tests.office import SECRET, Office

each = pytest.mark.parametrize("step", steps_of_desk(), ids=lambda step: step.key)
LONG = "Keterangan panjang yang menguraikan persoalan, tindakan, dan jawabannya secara lengkap. "
PERSON = {
    "name": "Siti Maslikah",
    "nik": "9971014101900001",
    "phone": "081200001234",
    "birth": "Malang, 1 Januari 1990",
}


def opened_page(visitor: Visitor, step: Transition, page: str, case: int, **typed: Any) -> Any:
    """What a script gets when a card is laid open."""
    return send(visitor, f"{step.key}/{case}", page, **{"do": "", "lembar": "1", **typed})


def reading(page: str) -> str:
    """The number of the case that lies open; "" if none does."""
    return page.partition('name="baca" value="')[2].partition('"')[0]


@each
def test_a_leaf_shows_the_whole_story_and_draws_the_paper(at: Any, office: Office, step: Transition) -> None:
    story = f"Selamat pagi. {LONG * 5}Selesai di sini."
    [case] = on_desk(office, step.key, 1, story=story, persons={"pengadu": PERSON})
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/").text
    assert "Selesai di sini." not in page
    text = words(opened_page(kadis, step, page, case).text)
    drawn = step.papers if step.independent else current_procedure().receive.papers[:1]
    assert story.strip() in text
    assert [paper.title for paper in drawn if paper.title.upper() not in text] == []
    assert ("KONSEP – belum terbit" in text) == step.independent
    assert "Diteruskan kepada" in text or not step.independent
    records = [RECORDS[need.record] for need in step.needs]
    for row in (record.get(record.complaint == case) for record in records):
        assert [n for n in row.gist if getattr(row, n) not in text] == []


@each
def test_a_leaf_masks_how_people_are_reached(at: Any, office: Office, step: Transition) -> None:
    [case] = on_desk(office, step.key, 1, persons={"pengadu": PERSON})
    kadis = at("kadis")
    text = opened_page(kadis, step, kadis.get(f"/meja/{step.key}/").text, case).text
    assert PERSON["name"] in text
    assert [secret for secret in (PERSON["nik"], PERSON["phone"], PERSON["birth"]) if secret in text] == []


@each
def test_what_it_is_about_stands_above_the_paper_in_forty_words_without_numbers_of_people(
    at: Any, office: Office, step: Transition
) -> None:
    steps = ROWS[current_procedure().row_no(step.key) - 1].transitions
    before = steps[steps.index(step) - 1]
    number = f"Telepon {PERSON['phone']}, NIK {PERSON['nik']}. "
    [case] = office.receive(1, story=LONG * 5 + number, asks=number + LONG)
    office.bring([case], before.key)
    office.do([case], before.key, **dict.fromkeys(RECORDS[before.record].gist, number + LONG * 5))
    kadis = at("kadis")
    page = opened_page(kadis, step, kadis.get(f"/meja/{step.key}/").text, case).text
    above = words(page.partition('<div class="in-brief">')[2].partition('<div class="drawn">')[0])
    labels = [label for need in step.needs for _, label in RECORDS[need.record].in_brief]
    assert [label for label in labels or ("Pokok", "Diminta", "Usulan") if label not in above] == []
    assert above.count("…") >= 2
    assert len(above.split()) <= 40
    assert [secret for secret in (PERSON["phone"], PERSON["nik"]) if secret in above] == []


def test_the_words_that_a_short_line_does_not_need_go_to_the_longer_ones(at: Any, office: Office) -> None:
    matter = " ".join(f"kata{n}" for n in range(1, 60))
    [case] = office.receive(1, story=matter, asks="Mohon diperiksa.")
    office.bring([case], "dispose")
    kadis, step = at("kadis"), vocabulary().transitions["dispose"]
    page = opened_page(kadis, step, kadis.get("/meja/dispose/").text, case).text
    above = words(page.partition('<div class="in-brief">')[2].partition('<div class="drawn">')[0])
    assert above.startswith("Pokok Kata1 ")
    assert "Diminta Mohon diperiksa." in above
    assert 35 <= len(above.split()) <= 40
    assert "kata20 " in above


@each
def test_to_lay_a_card_open_is_logged_and_ends_the_right_to_recall(at: Any, office: Office, step: Transition) -> None:
    steps = ROWS[current_procedure().row_no(step.key) - 1].transitions
    before = steps[steps.index(step) - 1]
    opened, untouched = on_desk(office, step.key, 2)
    kadis = at("kadis")
    opened_page(kadis, step, kadis.get(f"/meja/{step.key}/").text, opened)
    assert [(row.complaint_id, row.user_id) for row in Seen.select()] == [(opened, office["kadis"].id)]
    who = at(office.actor(before, opened).username)
    assert who.get(f"/pengaduan/langkah/recall/?id={opened}").status_code == 409
    assert who.get(f"/pengaduan/langkah/recall/?id={untouched}").status_code == 200


@each
def test_without_script_one_card_opens_and_what_is_ticked_and_typed_stays(
    at: Any, office: Office, step: Transition
) -> None:
    first, second, third = on_desk(office, step.key)
    [back] = [
        act for act in current_procedure().from_state(step.key) if act.bulk and act.to and act.actor == step.actor
    ][:1]
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/").text
    assert f'formaction="/meja/{step.key}/{second}/#lembar"' in page
    typed = laid(back.key, third, lying(page)[third], reason=reason(back.key), note="Belum jelas.")
    answer = send(kadis, f"{step.key}/{second}", page, first, do="", **typed)
    assert answer.status_code == 200
    assert (reading(answer.text), ticked(answer.text)) == (str(second), {first})
    assert "Belum jelas.</textarea>" in answer.text
    assert "2 dari 3" in words(answer.text)
    assert reading(send(kadis, step.key, answer.text, first, baca=str(second), do="stay").text) == str(second)
    assert reading(send(kadis, step.key, answer.text, first, baca=str(second), do="fold").text) == ""
    assert reading(kadis.get(f"/meja/{step.key}/{third}/").text) == str(third)


@each
def test_what_somebody_decided_on_meanwhile_is_not_opened_and_what_was_typed_elsewhere_stays(
    at: Any, office: Office, step: Transition
) -> None:
    gone, going, _ = on_desk(office, step.key)
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/").text
    [back, *_] = [act for act in current_procedure().other_ways(step) if act.bulk]
    blanks = laid(back.key, going, lying(page)[going], note="Belum jelas siapa.")
    office.do([gone], step.key)
    answer = send(kadis, f"{step.key}/{gone}", page, do="stay", **blanks)
    assert (answer.status_code, reading(answer.text)) == (409, "")
    assert "tidak dapat dilakukan sekarang" in words(answer.text)
    assert "Belum jelas siapa." in answer.text
    assert opened_page(kadis, step, page, gone).status_code == 409


@each
def test_decided_on_where_it_was_read_only_that_one_goes_and_the_next_lies_open(
    at: Any, office: Office, step: Transition
) -> None:
    first, second, third = on_desk(office, step.key)
    kadis = at("kadis")
    page = kadis.get(f"/meja/{step.key}/{second}/").text
    do = f"decide:{step.key}:{second}:{lying(page)[second]}"
    answer = send(kadis, step.key, page, first, second, do=do, baca=str(second))
    assert answer.status_code == 200
    assert [office.state(case) == step.key for case in (first, second, third)] == [True, False, True]
    assert (reading(answer.text), ticked(answer.text)) == (str(third), {first})
    assert f"telah {step.done[1]}. Pengaduan {Complaint.get_by_id(second).number}" in words(answer.text)
    last = send(kadis, step.key, answer.text, do=f"decide:{step.key}:{third}:{lying(answer.text)[third]}")
    assert reading(last.text) == str(first)  # at the end of the queue what was passed over


def test_a_note_and_a_way_back_are_decided_on_the_leaf_too(at: Any, office: Office) -> None:
    with_note, going = on_desk(office, "approve", 2)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    version, again = lying(page)[with_note], lying(page)[going]
    for case in (with_note, going):
        opened_page(kadis, vocabulary().transitions["approve"], page, case)
    note = laid("approve", with_note, version, note="Segera sampaikan.")
    send(kadis, "approve", page, do=f"decide:approve:{with_note}:{version}", **note)
    assert RECORDS["approval"].get().note == "Segera sampaikan."
    lacking = laid("send_back", going, again, reason="", note="Kurang.")
    refused = send(kadis, "approve", page, do=f"decide:send_back:{going}:{again}", baca=str(going), **lacking)
    assert (refused.status_code, reading(refused.text), office.state(going)) == (409, str(going), "approve")
    assert "Kurang.</textarea>" in refused.text
    back = laid("send_back", going, again, reason=reason("send_back"), note="Kurang.")
    answer = send(kadis, "approve", page, do=f"decide:send_back:{going}:{again}", **back)
    assert office.state(going) == vocabulary().transitions["send_back"].to
    assert 'class="banner success"' not in answer.text


def test_what_changed_while_it_was_read_is_refused_and_read_anew(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    office.do([case], "recall", reason=reason("recall"))
    office.do([case], "submit", answer="Jawaban yang sudah diganti.")
    answer = send(kadis, "approve", page, do=f"decide:approve:{case}:{lying(page)[case]}", baca=str(case))
    assert (answer.status_code, office.state(case), reading(answer.text)) == (409, "approve", str(case))
    assert "telah diubah oleh Bambang Hartono" in words(answer.text)
    assert "Contoh usul jawaban kepada pengadu Jawaban yang sudah diganti." in words(answer.text)


def test_only_what_waits_for_the_person_is_laid_open(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    kadis = at("kadis")
    for username in ("petugas", "bidang.rehsos", "pengawas", "admin"):
        assert at(username).get(f"/meja/approve/{case}/").status_code == 403
        assert at(username).post(f"/meja/approve/{case}/", lembar="1").status_code == 403
    assert kadis.get(f"/meja/dispose/{case}/").status_code == 409
    for path in ("/meja/approve/9999999999/", "/meja/approve/0/", f"/meja/raise/{case}/"):
        assert kadis.get(path).status_code == 404
    assert Seen.select().count() == 0


def test_what_pick_all_leaves_out_is_named_with_the_reason(at: Any, office: Office) -> None:
    on_desk(office, "approve", 1)
    returned, secret = on_desk(office, "approve", 1), on_desk(office, "approve", 1, category=SECRET)
    office.do(returned, "send_back")
    office.bring(returned, "approve")
    number = {case: Complaint.get_by_id(case).number for case in (*returned, *secret)}
    text = at("kadis").text("/meja/approve/")
    assert "2 tidak ikut: pernah dikembalikan, rahasia" in text or "2 tidak ikut: rahasia, pernah dikembalikan" in text
    assert f"{number[returned[0]]}: pernah dikembalikan" in text
    assert f"{number[secret[0]]}: rahasia" in text


def test_a_card_begins_with_what_informs(at: Any, office: Office) -> None:
    story = "Selamat pagi, saya mau melapor. NIK saya 9971014101900001, tetangga saya dipasung. " + LONG * 3
    on_desk(office, "dispose", 1, story=story)
    page = at("kadis").get("/meja/dispose/").text
    gist = page.partition('<p class="gist">')[2].partition("</p>")[0]
    assert gist.startswith("Tetangga saya dipasung. Keterangan panjang")
    assert len(gist) > 250


@each
def test_a_leaf_is_light(at: Any, office: Office, step: Transition) -> None:
    """15 kB with every text as long as people write them."""
    steps = ROWS[current_procedure().row_no(step.key) - 1].transitions
    before = steps[steps.index(step) - 1]
    [case] = office.receive(1, story=LONG * 10, asks=LONG)
    office.bring([case], before.key)
    office.do([case], before.key, **dict.fromkeys(RECORDS[before.record].gist, LONG * 5))
    kadis = at("kadis")
    page = opened_page(kadis, step, kadis.get(f"/meja/{step.key}/").text, case).data
    print(len(page), "bytes")
    assert len(page) <= 15_000
