"""The categories that a story suggests: by shipped words and by words counted in the office's own cases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bench.categories import hits, labelled, own_cases
from models.complaint.complaint import Complaint
from models.office.lists import Category
from models.reading.category_words import CategoryWords, count_words_if_due, features_of, proposals_of, stem
from models.records.entry import DEFAULT_CATEGORY
from models.store.base import database
from models.workflow.masters import read_data
from tests.office import COMMON, SECRET, UNSORTED, Office

WHAT_NOBODY_SHIPS = "Rembulan merona menggigit layangan"
OTHER, MANY = "mutu_layanan", 200  # a category that no test speaks of, and how many cases it has
NAME = "sukmawijayanti"


@pytest.fixture
def own(office: Office) -> Iterator[Office]:
    """An office with cases of other categories; all changes are undone after the test."""
    with database.atomic() as transaction:
        registered(office, 6, "Lain", category=OTHER)
        yield office
        transaction.rollback()


def proposed(story: str) -> list[str]:
    """By what was counted, as if the office had more cases of the other category."""
    CategoryWords.update(cases=MANY).where(CategoryWords.category == Category.get(code=OTHER)).execute()
    return [proposal.category.code for proposal in proposals_of(story)]


def registered(office: Office, count: int, story: str, category: str = COMMON, **more: object) -> list[int]:
    return [
        case for n in range(count) for case in office.receive(story=f"{story} nomor {n}.", category=category, **more)
    ]


@pytest.mark.parametrize(
    "forms",
    [
        "pukul memukul dipukul pukulan pemukulan dipukulin dipukuli",
        "kirim mengirim dikirim kiriman pengiriman mengirimkan",
        "sapu menyapu disapu",
        "minta meminta diminta permintaan",
        "telantar ditelantarkan menelantarkan",
        "emis mengemis ngemis pengemis",
        "mohon memohon",
    ],
)
def test_forms_of_a_word_have_one_root(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, {form: stem(form) for form in forms.split()}


def test_every_category_of_a_new_office_has_words_and_each_word_a_root() -> None:
    words = read_data("category_words")["categories"]
    assert set(words) == {leaf["code"] for leaf in read_data("categories")["leaves"]}
    for code, text in words.items():
        assert [word for word in text.split(", ") if not features_of(word)] == [], code


def test_the_hour_is_no_blow_and_no_day_is_a_reason() -> None:
    assert "pukul" not in features_of("Datang pukul sebelas dan pukul 13.00.")
    assert "pukul" in features_of("Dia memukul saya.")


FILLERS = "lalu padahal kemudian ternyata akhirnya walaupun sehingga maka serta bahkan selain hingga"


def test_words_that_only_join_sentences_are_no_reason(own: Office) -> None:
    own_cases(own, [("bansos_tidak_terima", f"Lalu padahal kemudian bansos terhenti {FILLERS}.")] * 12)
    assert proposals_of(f"Ibu sakit, lalu padahal {FILLERS}.") == []
    [first, *_] = proposals_of(f"Lalu bansos ibu padahal {FILLERS} belum cair.")
    assert not {part for words in first.words for part in words.split(" … ")} & set(FILLERS.split())


@pytest.mark.only("sqlite")
def test_the_right_category_is_among_three_for_four_of_five_labelled_stories_and_for_kdrt_and_children_alone(
    office: Office,
) -> None:
    shares = hits(labelled("all"))
    assert {name: right / of for name, (right, of) in shares.items() if right / of < 0.8} == {}, shares


@pytest.mark.only("sqlite")
def test_the_first_own_cases_do_not_make_it_worse_for_any_of_them(office: Office) -> None:
    asked = [*labelled("second"), *labelled("third")]  # not what the cases are made of
    before = hits(asked)
    demo = [(text["category"], text["story"]) for text in read_data("demo")["complaints"]]
    for cases in (demo, labelled("first")):
        own_cases(office, cases)
        shares = hits(asked)
        assert all(right >= before[name][0] for name, (right, _) in shares.items()), (before, shares)


def test_at_most_three_are_proposed_each_for_words_of_this_very_story(office: Office) -> None:
    story = "Tetangga saya DIPUKUL suaminya, anaknya menangis, bantuan PKH belum cair, jalan berlubang, ada pengemis."
    proposals = proposals_of(story)
    assert len(proposals) == 3
    for proposal in proposals:
        assert proposal.words
        assert all(part in story.casefold() for word in proposal.words for part in word.split(" … "))
    assert proposals_of("") == proposals_of("Saya mau itu saja.") == proposals_of(WHAT_NOBODY_SHIPS) == []


def test_a_category_that_is_rahasia_or_has_a_unit_on_call_comes_first_among_equals(own: Office) -> None:
    plain = {"law_class": "tidak_berkadar", "urgency": "biasa"}
    for code, more in (
        ("a", {}),
        ("b", {"secrecy": "rahasia"}),
        ("c", {"emergency_unit": Category.get(code="odgj").emergency_unit_id}),
    ):
        Category.create(code=code, name="Rembulan", active=True, **plain, **more)
    assert proposed("Rembulan jatuh.")[0] in ("b", "c")
    assert proposed("Rembulan jatuh.")[-1] == "a"


def test_the_offices_own_words_count_from_five_cases_of_a_category_and_from_three_with_the_word(own: Office) -> None:
    registered(own, 4, WHAT_NOBODY_SHIPS)
    count_words_if_due(own.at)
    assert proposed(WHAT_NOBODY_SHIPS) == []
    registered(own, 1, WHAT_NOBODY_SHIPS)
    registered(own, 2, "Purnama terbit", category=OTHER)
    assert count_words_if_due(own.at + timedelta(days=1))
    assert proposed(WHAT_NOBODY_SHIPS) == [COMMON]
    assert proposed("Purnama terbit") == []


def test_they_are_counted_once_a_day_from_what_is_there_so_that_what_is_changed_or_erased_is_forgotten(
    own: Office,
) -> None:
    cases = registered(own, 5, WHAT_NOBODY_SHIPS)
    assert count_words_if_due(own.at)
    assert not count_words_if_due(own.at + timedelta(hours=20))
    Complaint.update(story="Lain.").where(Complaint.id << cases).execute()
    assert proposed(WHAT_NOBODY_SHIPS) == [COMMON]
    assert count_words_if_due(own.at + timedelta(days=1))
    assert proposed(WHAT_NOBODY_SHIPS) == []


@pytest.mark.parametrize("kept_out", [{"state": "voided"}, {"state": "duplicated"}, {"imported": True}])
def test_cases_that_are_void_double_or_imported_do_not_count(own: Office, kept_out: dict[str, object]) -> None:
    cases = registered(own, 6, WHAT_NOBODY_SHIPS)
    Complaint.update(**kept_out).where(Complaint.id << cases).execute()
    count_words_if_due(own.at)
    assert proposed(WHAT_NOBODY_SHIPS) == []


def test_to_be_sorted_later_is_neither_proposed_nor_learnt(own: Office) -> None:
    registered(own, 6, WHAT_NOBODY_SHIPS, category=UNSORTED)
    count_words_if_due(own.at)
    assert proposed(WHAT_NOBODY_SHIPS) == []
    assert CategoryWords.get(category=Category.get(code=DEFAULT_CATEGORY)).cases == 0


def test_no_name_is_counted_wherever_it_stands(own: Office) -> None:
    people = {"pengadu": {"name": NAME.title()}}
    registered(own, 6, f"tolong {NAME} rembulan", persons=people)
    registered(own, 6, f"Kemarin {NAME.title()} rembulan", category="odgj")
    registered(own, 6, f"tolong {NAME} rembulan", category="gepeng", accused=NAME)
    count_words_if_due(own.at)
    assert NAME not in "".join(row.words for row in CategoryWords.select())
    assert proposed(NAME) == []
    assert set(proposed("rembulan")) == {COMMON, "odgj", "gepeng"}


def test_a_word_that_only_rahasia_cases_have_is_found_by_nobody_who_tries_it(own: Office) -> None:
    registered(own, 9, WHAT_NOBODY_SHIPS, category=SECRET)
    count_words_if_due(own.at)
    assert proposed(WHAT_NOBODY_SHIPS) == []
    registered(own, 5, WHAT_NOBODY_SHIPS, category="odgj")  # now it is a word as any
    count_words_if_due(own.at + timedelta(days=1))
    assert SECRET in proposed(WHAT_NOBODY_SHIPS)


def test_what_is_stored_of_a_category_is_bounded(own: Office) -> None:
    story = " ".join(f"kata{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(300))
    registered(own, 5, story)
    count_words_if_due(own.at)
    assert max(len(row.words) for row in CategoryWords.select()) < 20_000
