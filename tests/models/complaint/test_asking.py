"""A search finds by all words, by their forms and by corrected spelling, within the scope of the user alone."""

from typing import Any

import pytest

from bench import rows
from bench.pages import counted
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, viewer
from models.complaint.search import answer, excerpts, marker, ranked
from models.complaint.search_words import SearchScope, forms_of, terms_of
from models.complaint.spelling import is_one_letter_off
from tests import postgres
from tests.admin.rows_read import RowsRead, recorded
from tests.office import SECRET, Office


@pytest.fixture
def cases(office: Office) -> tuple[int, int]:
    """Two cases: one that has just come in, one that is closed."""
    columns = {"story": "Anak itu dipukul ayahnya di RT.03, dekat pasar (KB).", "medium_ref": "10254761"}
    [new] = office.receive(persons={"pengadu": {"name": "Siti Maslikah"}}, **columns)
    [old] = office.receive(persons={"pengadu": {"name": "Sulastri"}}, story="Beras belum sampai.", asks="Segera kirim")
    office.bring([old], "closed")
    return new, old


FINDS = {  # what is typed: which of the two, and what is looked for instead
    "maslikah": ({0}, ""),
    "MASLI": ({0}, ""),
    "siti pasar": ({0}, ""),
    "kb": ({0}, ""),
    "RT 03": ({0}, ""),
    "(KB)": ({0}, ""),
    "10254761": ({0}, ""),
    "beras contoh": ({1}, ""),  # story and a record
    "fakta sulastri": ({1}, ""),
    "100%": (set(), ""),
    "pemukulan": ({0}, "bentuk lain dari “pemukulan”"),
    "memukul anak": ({0}, "bentuk lain dari “memukul anak”"),
    "pengiriman": ({1}, "bentuk lain dari “pengiriman”"),
    "masilkah": ({0}, "“maslikah”"),
    "belum sampei": ({1}, "“belum sampai”"),
    "sulstri": ({1}, "“sulastri”"),
    "zebrakuda": (set(), ""),
    '" OR "': (set(), ""),
    "x": (set(), ""),
    "": (set(), ""),
}


@pytest.mark.parametrize("username", ["petugas", "kadis"])
def test_words_their_forms_and_corrected_spellings_are_found(
    office: Office, cases: tuple[int, int], username: str
) -> None:
    who = viewer(office[username])
    for typed, (places, instead) in FINDS.items():
        found = answer(typed, who)
        assert (set(found.ids), found.instead) == ({cases[p] for p in places}, instead), typed


def test_a_user_who_reads_few_cases_finds_only_these(office: Office, cases: tuple[int, int]) -> None:
    who = viewer(office["bidang.rehsos"])
    for typed, (places, _) in FINDS.items():
        assert set(answer(typed, who).ids) == {cases[p] for p in places - {0}}, typed
    assert answer("sulastri", viewer(office["admin"])).ids == []


def test_few_cases_are_found_by_the_index_as_well(office: Office, cases: tuple[int, int], monkeypatch: Any) -> None:
    monkeypatch.setattr("models.complaint.search_words.COUNTED", 0)
    who = viewer(office["bidang.rehsos"])
    assert answer("beras contoh", who).ids == [cases[1]]
    assert answer("pasar", who).ids == []


@pytest.mark.parametrize(
    "typed", ["kafe", "kafé", "KAFÉ", "“nonik”", "rt", "100%", "_", "nönik di", "москва", "МОСКВА"]
)
def test_checking_given_cases_finds_the_same_as_a_search(office: Office, typed: str) -> None:
    stories = ("Di kafe “Nonik”, RT 3.", "Di KAFÉ Nonik, 100% benar.", "Nönik di Москва.", "Tidak ada apa pun.")
    ids = [case for story in stories for case in office.receive(story=story)]
    sight, terms = SearchScope(viewer(office["kadis"])), terms_of(typed)
    assert sight.among(ids, terms) == (set(sight.cases(terms)) if terms else set(ids))


@pytest.mark.parametrize(
    "username", ["petugas", "petugas2", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas", "admin"]
)
def test_a_word_of_an_unreadable_case_is_answered_as_an_unknown_word(
    office: Office, cases: tuple[int, int], username: str
) -> None:
    columns: dict[str, Any] = {"category": SECRET, "by": "petugas2", "persons": {"pengadu": {"name": "Maslikah"}}}
    [secret] = office.receive(story="Kata zebrakuda.", **columns)
    who, sees = viewer(office[username]), username in ("petugas2", "kadis", "pengawas")
    _asked("lain", who)  # whatever is typed first, the SQL of the user's cases is built
    for typed in ("zebrakuda", "zebrakudi", "pezebrakudaan", "maslikah zebrakuda"):
        answers = [_asked(words, who) for words in (typed, typed.replace("zebrakud", "zobrikud"))]
        assert (secret in answers[0][0]) == sees, typed
        assert (answers[0] == answers[1]) == (not sees), typed


def _asked(typed: str, who: Viewer) -> tuple[Any, ...]:
    """The cases found, the words used instead, the suggestions, and the statements."""
    with counted() as sent:
        found = answer(typed, who)
        suggestions = found.meant, found.nearest, len(found.lone)
    return found.ids, found.instead, suggestions, sent


SLIP, RIGHT = "bantaun", "bantuan"


def test_a_misspelling_that_occurs_in_another_case_is_corrected_all_the_same(office: Office) -> None:
    [slip] = office.receive(story=f"Kapan {SLIP} itu cair?")
    cases = [office.receive(story=f"Kartu hilang, {RIGHT} ditolak agen. {n}")[0] for n in range(5)]
    who = viewer(office["petugas"])
    alone = answer(SLIP, who)
    assert (alone.ids, alone.instead) == ([slip], "")
    assert alone.meant
    assert alone.meant.queries == [RIGHT]
    assert set(alone.meant.ids) == {*cases}
    result = answer(f"kartu {SLIP}", who)
    assert (set(result.ids), result.instead) == ({*cases}, f"“kartu {RIGHT}”")
    assert answer(RIGHT, who).meant is None


@pytest.mark.parametrize("typed", ["kartu hilang", "kartu bantaun 7", "lain"])
def test_a_correct_rare_word_is_not_corrected(office: Office, typed: str) -> None:
    office.receive(story=f"Kartu hilang, bantaun 7. Kata {typed}.")
    office.receive(4, story=f"Kata ini, {RIGHT} belum cair.")
    assert answer(typed, viewer(office["petugas"])).meant is None


def test_of_several_similar_words_all_that_occur_are_offered(office: Office) -> None:
    cases = [office.receive(persons={"pengadu": {"name": f"Siti {name}"}})[0] for name in ("Dalrir", "Dalpris")]
    found = answer("siti dalris", viewer(office["petugas"]))
    assert (set(found.ids), found.instead) == ({*cases}, "“siti dalpris” atau “siti dalrir”")


def test_where_nothing_is_found_the_two_nearest_words_are_named(office: Office) -> None:
    office.receive(story="Kelurahan memasang penerangan, penyerangan tidak pernah ada.")
    who = viewer(office["petugas"])
    found = answer("pnerngaan", who)
    assert (found.ids, found.nearest) == ([], ["penerangan", "penyerangan"])
    assert answer("qwqwqw", who).nearest == []
    office.receive(story="Beras berkutu.")
    apart = answer("penerangan berkutu", who)
    assert (apart.ids, apart.nearest, apart.lone) == ([], [], [])
    assert answer("penerangan qwqwqw", who).lone == ["qwqwqw"]


@pytest.mark.parametrize("username", ["petugas", "bidang.rehsos", "admin", "petugas2"])
def test_no_word_of_a_case_that_one_may_not_open_is_offered(office: Office, username: str) -> None:
    columns: dict[str, Any] = {"category": SECRET, "by": "petugas2"}
    office.receive(5, story="Kata zebrakuda.", **columns)
    ids = office.receive(story="Kata zebrakudo.")
    office.bring(ids, "closed")
    who, sees = viewer(office[username]), username == "petugas2"
    found = answer("zebrakudo", who)
    assert bool(found.meant) == sees
    assert ("zebrakuda" in answer("zeebraakuda", who).nearest) == sees
    assert ("zebrakuda" in answer("zebraqkuda", who).instead) == sees


def test_the_exact_number_comes_first_then_the_person_then_the_open_case(office: Office) -> None:
    [in_story] = office.receive(story="Sulastri menyaksikan.")
    [done] = office.receive(persons={"pengadu": {"name": "Sulastri"}})
    office.bring([done], "closed")
    [running] = office.receive(persons={"pengadu": {"name": "Sulastri"}})
    [ticket] = office.receive(medium_ref="SULASTRI")
    found = answer("sulastri", viewer(office["petugas"]))
    assert ranked(found, "sulastri") == [ticket, running, done, in_story]
    number = Complaint.get_by_id(done).number
    assert ranked(answer(number, viewer(office["petugas"])), number)[0] == done


def test_the_excerpt_is_the_best_matching_part_with_the_match_marked(office: Office) -> None:
    story = f"{'Kata lain. ' * 40}Anak itu dipukul di jalan. {'Kata lagi. ' * 40}"
    [case] = office.receive(story=story, title="Judul", asks="Minta dijemput")
    found = answer("anak memukul", viewer(office["petugas"]))
    pieces = excerpts({case: ["Judul"]}, marker(found.terms))[case]
    assert [piece.text for piece in pieces if piece.marked] == ["Anak", "pukul"]
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert len(whole) < 200


@pytest.mark.parametrize(
    ("word", "others"),
    {
        "pemukulan": ("memukul", "dipukulkan", "pukulan"),
        "bantuan": ("membantu", "dibantu"),
        "menyapu": ("disapu",),
        "mengambil": ("diambil",),
        "mengirim": ("dikirim", "kiriman"),
        "penerimaan": ("diterima", "menerima"),
        "beras": ("berasnya",),
    }.items(),
)
def test_the_forms_of_a_word_hold_what_they_have_in_common(word: str, others: tuple[str, ...]) -> None:
    assert [other for other in others if not any(piece in other for piece in forms_of(word))] == []
    assert all(len(piece) >= 4 for piece in forms_of(word))


@pytest.mark.parametrize("typed", ["", " ", "a", "!!", "\0", "é"])
def test_a_query_that_is_too_short_is_not_searched(typed: str) -> None:
    assert terms_of(typed) == []


def test_one_letter_off_is_one_too_many_too_few_another_or_two_that_changed_places() -> None:
    assert all(is_one_letter_off("beras", other) for other in ("bers", "berras", "berqs", "bersa", "eras", "berasi"))
    assert not any(is_one_letter_off("beras", other) for other in ("beras", "sareb", "ber", "berkat", "brea"))


def test_an_e_mail_address_in_the_story_is_masked_in_the_excerpt(office: Office) -> None:
    story = "Bantuan berhenti sejak Juli. Balas ke siti.maslikah@contoh.id bila sudah ada kabar."
    [case] = office.receive(story=story)
    found = answer("kabar", viewer(office["petugas"]))
    text = "".join(piece.text for piece in excerpts({case: ["Judul"]}, marker(found.terms))[case])
    assert "kabar" in text
    assert "siti.maslikah" not in text
    assert "@contoh.id" in text


@pytest.mark.only("postgresql")
def test_as_many_rows_are_read_for_a_common_word_in_a_larger_office(
    office: Office, cases: tuple[int, int], monkeypatch: Any
) -> None:
    monkeypatch.setattr("models.complaint.search_words.COUNTED", 20)
    of_kadis, of_unit = zip(*(_rows_read_for("beras", office, more) for more in (150, 750)), strict=True)
    assert of_kadis[1] < 1.5 * of_kadis[0]
    assert of_unit[1] < 1.5 * of_unit[0]


def _rows_read_for(word: str, office: Office, more: int) -> list[int]:
    """The rows that a search of the texts for 21 cases reads for each of some users, once so many cases were added."""
    rows.multiply(more)
    with postgres.server().boss(office.path.read_text().splitlines()[2]) as boss:
        boss.execute("ANALYZE")  # as its autovacuum does by itself
    read = []
    for username in ("kadis", "bidang.rehsos"):
        with recorded() as sent:
            assert len(SearchScope(viewer(office[username])).cases(terms_of(word), 21)) == 21
        read.append(RowsRead().by([query for query in sent if '"case_text"' in query[0]]).total())
    return read


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("username", ["petugas", "kadis", "bidang.rehsos"])
def test_a_scan_of_the_newest_texts_finds_the_same_cases_as_the_index(
    office: Office, cases: tuple[int, int], username: str, monkeypatch: Any
) -> None:
    rows.multiply(60)
    office.receive(story="KELVIN, 5 \N{KELVIN SIGN}ilo; \N{LATIN CAPITAL LETTER I WITH DOT ABOVE}stanbul, kafé, 100%.")
    monkeypatch.setattr("models.complaint.search_words.COUNTED", 7)
    asked = ("beras", "BERAS", "5", "kilo", "istanbul", "kelvin kilo", "beras contoh", "100%", "_", "zebrakuda")
    found = []
    for first, as_fast in ((1, 0), (3, 10**9)):  # the index at once, the scan to the end
        monkeypatch.setattr("models.complaint.search_words.FIRST_SCANNED", first)
        monkeypatch.setattr("models.complaint.search_words.AS_FAST", as_fast)
        found.append([SearchScope(viewer(office[username])).cases(terms_of(typed), 8) for typed in asked])
    by_index, by_scan = found
    assert by_scan == by_index
    assert len(by_index[0]) == len(by_index[1]) == 8
    assert all(by_index[3:6]) == (username != "bidang.rehsos")
