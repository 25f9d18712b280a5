"""Frozen contents say their format; each that ever was has a reader, and what none reads is not printed."""

import hashlib
from pathlib import Path

import pytest
from jinja2 import DictLoader, meta

from models.records.in_words import FORMAT
from papers.layout import page
from papers.layout.formats import LEFT, READERS, as_templates_read, folders
from papers.layout.page import html
from papers.printing.failure import PrintError
from papers.printing.render import pdf
from tests.papers.contents import content
from tests.papers.reading import said, words


def first(kind: str = "berita_acara") -> dict:
    """A content as it was frozen before contents bore a number."""
    whole = {name: value for name, value in content(kind).items() if name != "format"}
    bare = {key: {n: v for n, v in record.items() if n != "order"} for key, record in whole["records"].items()}
    attempts = [{n: v for n, v in one.items() if n != "order"} for one in whole["attempts"]]
    complaint = {name: value for name, value in whole["complaint"].items() if name != "deadline"}
    return {**whole, "complaint": complaint, "records": bare, "attempts": attempts}


def test_there_is_a_reader_for_every_format_up_to_the_present_one() -> None:
    assert sorted(READERS) == list(range(1, FORMAT + 1))


def test_the_first_format_prints_blanks_by_name_and_the_second_in_the_forms_order() -> None:
    old = as_templates_read(first())["records"]["berita_acara"]
    new = as_templates_read(content("berita_acara"))["records"]["berita_acara"]
    assert old["order"] == sorted(old["blanks"])
    assert new["order"] == list(new["blanks"]) != sorted(new["blanks"])


def test_a_paper_whose_template_names_its_blanks_reads_alike_in_both() -> None:
    assert html(first()) == html({**content("berita_acara"), "format": 3})


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    ("kind", "promise"),
    [
        ("tanda_terima", "Jawaban paling lambat : 4 Desember 2026"),
        ("lembar_disposisi", "Batas waktu: 11 Desember 2026"),
    ],
)
def test_until_the_third_format_a_paper_promises_what_it_promised_and_names_no_clock(
    number: int, kind: str, promise: str
) -> None:
    old = {**first(kind), "format": number}
    old["complaint"]["answer_due"] = "2026-12-04T16:00:00+07:00"
    if number == 2:
        old |= {name: content(kind)[name] for name in ("records", "attempts")}
    text = said(pdf(old))
    assert words(promise) in text
    assert "batas peraturan" not in text
    assert "WaktuSOP" not in text


def test_a_content_of_a_later_panel_is_refused_with_a_sentence() -> None:
    with pytest.raises(PrintError, match=f"berformat {FORMAT + 1}; panel ini membaca sampai format {FORMAT}"):
        pdf(content("berita_acara", format=FORMAT + 1))


@pytest.mark.parametrize("number", [*LEFT])
def test_templates_that_a_format_left_are_complete_and_read_no_later_ones(number: int) -> None:
    environment = page._environment(number)
    archived, *later = folders(number)
    assert archived.is_dir()
    assert later
    for path in (archived / "papers").glob("*.html"):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        named = {name for name in meta.find_referenced_templates(tree) if name}
        assert {name for name in named if not (archived / name).is_file()} == set(), path


def test_what_was_frozen_before_looks_as_it_did_though_the_present_templates_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = page._environment(FORMAT).overlay(loader=DictLoader({"papers/nota_dinas.html": "lain"}), cache_size=5)
    known = page._environment
    monkeypatch.setattr(page, "_environment", lambda number: changed if number == FORMAT else known(number))
    assert html(content("nota_dinas")) == "lain"
    assert html({**content("nota_dinas"), "format": 3}) != "lain"


ARCHIVE = Path(__file__).resolve().parents[3] / "templates/formats"
ARCHIVED = {  # SHA-256 of its names and bytes
    "3": "f23d771317dcc99f124149b2e9d3fb550592eec883a665b806e8420d09c93d35",
    "4": "51d0cd4d4c76fa4c7974b5457e6548ceb2e9af4cc59c54b2531a2a946df1d050",
}


def test_the_templates_of_a_former_format_stay_as_they_were_archived() -> None:
    """What they call keeps its name, whatever else is renamed."""
    digests = {}
    for folder in sorted(ARCHIVE.iterdir()):
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        parts = (str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() for path in files)
        digests[folder.name] = hashlib.sha256(b"".join(parts)).hexdigest()
    assert digests == ARCHIVED
