"""Rows of an imported file by institution, topic or kecamatan: filters, and decisions on many rows at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request

from admin.door.rows import signed_in, valid_ids
from admin.intake import import_work
from models.imports.batches import (
    CLOSE,
    DECISIONS,
    DUPLICATE,
    FORWARD,
    NOTE,
    PUBLISHED,
    SKIP,
    STAGED,
    TAKE,
    VERDICTS,
    ImportBatch,
    ImportRow,
    store_topics,
    topic_categories,
    topic_key,
)
from models.imports.reviewing import RowChoice, TermGroup, decide, groups_of
from models.imports.sorting import ACTS, CATEGORY, begin_sorting
from models.office.lists import Category
from models.records.entry import DEFAULT_CATEGORY
from models.store.base import is_mistyped, now
from sop.words import format_number, format_short_date

GROUPS = {"instansi": "Instansi", "topik": "Topik", "kecamatan": "Kecamatan"}  # names of columns in addresses
COLUMNS = {"instansi": "institution", "topik": "topic", "kecamatan": "kecamatan"}
MOST = 400  # groups on a page
UNNAMED = "(tidak disebut)"
BRIEFLY = {
    TAKE: "masuk",
    DUPLICATE: "duplikat",
    FORWARD: "instansi lain",
    CLOSE: "ditutup",
    NOTE: "dicatat",
    SKIP: "dilewati",
}
UNREADABLE_DAY = "Tanggal itu tidak terbaca; tidak ada yang diubah. Ketik tahunnya dengan empat angka."
NOT_NOW = "Berkas ini sedang dikerjakan atau dibatalkan. Tunggu sampai selesai, lalu pilih kategorinya."
NOTHING_TICKED = "Centang yang dimaksud dahulu, atau pilih semuanya."
DECIDED = "{} baris: {}."
SORTED = "Kategori {} topik disimpan, juga untuk berkas berikutnya."
SORTING_BEGUN = "Pengaduan yang belum dikerjakan siapa pun sedang diubah; kemajuannya tampil pada halaman berkas."
ON_ITS_WAY = "Berkas ini sedang dikerjakan, dibatalkan, atau tindakannya tidak berlaku di sini."


@dataclass(frozen=True)
class RowFilter:
    """The filter of a file's rows in an address: the choice, its query arguments, and its words for the page."""

    choice: RowChoice
    args: Mapping[str, str]
    words: tuple[str, ...]
    is_unread: bool = False  # part of it was ignored as invalid

    @property
    def verdict(self) -> str:
        return self.choice.verdict

    def with_verdict(self, verdict: str) -> dict[str, str]:
        """The query arguments for the same rows with another verdict."""
        return {
            **{name: value for name, value in self.args.items() if name != "putusan"},
            **_if_any("putusan", verdict),
        }

    @classmethod
    def of_address(cls, batch: ImportBatch) -> "RowFilter":
        """Parse the request; invalid values do not filter."""
        verdict = request.values.get("putusan", "")
        args, terms, words = _if_any("putusan", verdict if verdict in VERDICTS else ""), [], []
        for by, column in COLUMNS.items():
            lines = valid_ids(request.values.getlist(by))[:1]
            for term in terms_of(batch, column, lines):
                args[by] = str(lines[0])
                terms.append((column, (term,)))
                words.append(f"{GROUPS[by]}: {term or UNNAMED}")
        before = _day(typed := request.values.get("sebelum", ""))
        unread = bool(typed and before is None) or any(name in request.values and name not in args for name in COLUMNS)
        if before:
            args["sebelum"] = before.isoformat()
            words.append(f"Diterima sebelum {format_short_date(before)}")
        unread |= bool(verdict and "putusan" not in args)
        return cls(RowChoice(args.get("putusan", ""), tuple(terms), before), args, tuple(words), unread)


def acts_on(batch: ImportBatch) -> dict[str, str]:
    """The acts on rows of a staged file, or on the cases of a published one."""
    if batch.state == STAGED:
        return {key: DECISIONS[key] for key in RowChoice().choices}
    return {key: words for key, words in ACTS.items() if key != CATEGORY} if batch.state == PUBLISHED else {}


def groups_page(view: Any, batch: ImportBatch, by: str) -> str:
    """The page of `GROUPS[by]`."""
    sought = request.args.get("cari", "")[:100]
    groups, topics = groups_of(batch, COLUMNS[by], sought), topic_categories(batch.form) if by == "topik" else {}
    categories = list(Category.select().where(Category.active).order_by(Category.name))
    names = {category.id: str(category.name) for category in categories}

    def group_words(group: TermGroup) -> str:
        """The decisions on its rows, and the category of a topic."""
        parts = [f"{BRIEFLY.get(key, key)} {format_number(count)}" for key, count in sorted(group.decisions.items())]
        category = names.get(topics.get(topic_key(group.term), 0), "") if by == "topik" else ""
        return "".join(f" · {text}" for text in (", ".join(parts), category) if text)

    return str(
        view.render(
            "admin/intake/import_groups.html",
            batch=batch,
            by=by,
            titles=GROUPS,
            groups=groups[:MOST],
            found=len(groups),
            rows_found=sum(group.count for group in groups),
            total=len(groups_of(batch, COLUMNS[by])) if sought else len(groups),
            sought=sought,
            choices=acts_on(batch),
            categories=[category for category in categories if category.code != DEFAULT_CATEGORY],
            unnamed=UNNAMED,
            group_words=group_words,
        )
    )


def decide_on_groups(batch: ImportBatch, by: str, sought: str) -> tuple[str, str]:
    """Perform the form's act on the ticked groups, or on all that were found; the message and its tone."""
    column, terms = COLUMNS[by], _chosen_terms(batch, COLUMNS[by], sought)
    before = _day(typed := request.form.get("sebelum", ""))
    if not terms:
        return NOTHING_TICKED, "error"
    if typed and before is None:
        return UNREADABLE_DAY, "error"
    is_all = "semua" in request.form and not sought  # then rows are not filtered
    choice = RowChoice("", () if is_all else ((column, tuple(terms)),), before)
    if request.form.get("lakukan") == "kategori" and by == "topik":
        return _categorise(batch, terms, choice)
    act = request.form.get("tindakan", "")
    if act not in acts_on(batch):
        return ON_ITS_WAY, "error"
    if batch.state == PUBLISHED:
        return _sort(batch, act, choice)
    count = decide(batch, choice, act)
    return DECIDED.format(format_number(count), DECISIONS[act].lower()), "success" if count else "error"


def _chosen_terms(batch: ImportBatch, column: str, sought: str) -> list[str]:
    if "semua" in request.form:
        return [group.term for group in groups_of(batch, column, sought)]
    return list(terms_of(batch, column, valid_ids(request.form.getlist("baris"))))


def _categorise(batch: ImportBatch, terms: Sequence[str], choice: RowChoice) -> tuple[str, str]:
    """Store the topics' category, and apply it to the cases of a published file."""
    if batch.state not in (STAGED, PUBLISHED):
        return NOT_NOW, "error"
    known = {str(category.id): category.id for category in Category.select(Category.id)}
    category = known.get(request.form.get("kategori", ""))
    store_topics(batch.form, {topic_key(term): category for term in terms if term})
    stored = SORTED.format(format_number(len(terms)))
    if batch.state != PUBLISHED:
        return stored, "success"
    words, tone = _sort(batch, CATEGORY, replace(choice, before=None))
    return (f"{stored} {words}" if tone == "success" else words), tone


def _sort(batch: ImportBatch, act: str, choice: RowChoice) -> tuple[str, str]:
    if why := begin_sorting(batch, act, choice, by=signed_in(), at=now()):
        return why, "error"
    import_work.begin_work(batch.id)
    return SORTING_BEGUN, "success"


def terms_of(batch: ImportBatch, column: str, lines: Iterable[int]) -> list[str]:
    """The distinct terms of these rows."""
    wanted = (ImportRow.batch == batch) & ImportRow.line.in_(list(lines))
    return [term for (term,) in ImportRow.select(getattr(ImportRow, column)).where(wanted).distinct().tuples()]


def _if_any(name: str, value: str) -> dict[str, str]:
    return {name: value} if value else {}


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return None if is_mistyped(day) else day
