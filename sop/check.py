"""Validates the SOP's table at start, before anything is derived from it: each word in it must be a known one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sop.access import RELATIONS, SECRECY, UNIT, WITHIN, opens, readable_by
from sop.clock import Norm
from sop.procedure import (
    BACK,
    BADGES,
    BIDANG,
    COUNTS_FROM,
    GIVES,
    LANES,
    LAST,
    MARKS,
    OPEN,
    PETUGAS,
    REPEATS,
    REVISIONS,
    RUNNING,
    SAME,
    TONES,
    TURN,
    UNTIL,
    PaperKind,
    Revision,
    Transition,
)
from sop.signers import SIGNERS, is_sent_to_signer
from sop.table import Place, Table, alike, initials, unknown, wrong
from sop.words import in_a_sentence


def revision_faults(revisions: Sequence[Revision]) -> Iterator[str]:
    """Faults of the signed revisions: each after the first needs a unique number, a date and a fingerprint."""
    for at, revision in enumerate(revisions):
        where, before = f"revisi tercatat ke-{at + 1}", [other.number for other in revisions[:at]]
        if at and (not revision.number or revision.number in before):
            yield wrong(where, "number", f"“{revision.number}” kosong atau sudah dipakai revisi lain.")
        if at and not revision.date:
            yield wrong(where, "date", "tanggal pengesahannya belum diisi.")
        if not re.fullmatch(r"[0-9a-f]{64}", revision.rows):
            yield wrong(
                where, "rows", f"“{revision.rows}” bukan sidik baris (64 angka heksadesimal, lihat fingerprint)."
            )


def former_faults(table: Table) -> Iterator[str]:
    """Faults of FORMER: its keys must not be in the table any more, and must lead to an existing state."""
    present, seen = {*table.states, *(at.step.key for at in table.places)}, set[str]()
    for gone in table.former:
        where = f"FORMER “{gone.key}”"
        if gone.key in present or gone.key in seen:
            yield wrong(where, "key", f"“{gone.key}” masih ada dalam tabel atau sudah didaftarkan.")
        if gone.now not in table.states:
            yield unknown(where, "now", gone.now, table.states)
        if gone.act and gone.act.key != gone.key:
            yield wrong(where, "act", f"“{gone.act.key}” bukan langkah yang didaftarkan.")
        seen.add(gone.key)


SETS, RELATIVE = (OPEN, RUNNING), (SAME, BACK)
SHORTEST = 2  # acts of the main line: one receives, one is awaited
WORKED_ON = ("beranda", "akun", "pengaduan", "cari", "dokumen")  # pages that every lane needs
LANE_KEY = re.compile(r"[a-z][a-z_]{,19}")  # the column of a user's role has 20 characters
LONGEST_KEY = 40  # characters, the width of the columns for keys


def faults(table: Table | None = None) -> Iterator[str]:
    """Faults of the table as sentences. Records, effects and templates are checked in models and papers, which know
    them."""
    table = table or Table()
    yield from _lanes(table)
    yield from _rows(table)
    yield from _keys(table)
    yield from _initials(table)
    yield from _papers(table)
    yield from _ends(table)
    for at in table.places:
        yield from _act(at)
    yield from _ways(table)
    yield from _needs(table)
    yield from _calls(table)
    yield from _series(table)
    yield from revision_faults(REVISIONS)
    yield from former_faults(table)


def _lanes(table: Table) -> Iterator[str]:
    """Each lane needs a name, may read what it acts on and may open the pages for it."""
    acting = {at.step.actor for at in table.line} - {PETUGAS, BIDANG}  # in these two reading depends on the user
    for lane in LANES:
        relation = UNIT if lane == BIDANG else lane  # BIDANG acts by unit
        unread = [words for secrecy, words in SECRECY.items() if secrecy not in readable_by(relation)]
        may_lack = () if lane in acting else list(SECRECY.values())[1:]
        closed = [noun for noun in WORKED_ON if not opens(lane, noun)]
        asked = (
            (LANE_KEY.fullmatch(lane), "LANES", "kuncinya huruf kecil dan garis bawah, paling panjang 20."),
            (LANES[lane].strip(), "LANES", "namanya belum diisi."),
            (relation in RELATIONS, "RELATIONS", f"kedudukan “{relation}” belum ada pada sop/access.py."),
            (
                relation in WITHIN.get((lane, "any"), ()),
                "WITHIN",
                f"(“{lane}”, “any”) dengan “{relation}” belum ada pada sop/access.py.",
            ),
            (
                {*unread} <= {*may_lack},
                "READERS",
                f"“{relation}” belum membaca pengaduan {in_a_sentence(''.join(unread[-1:]))}.",
            ),
            (not closed, "PAGES", f"halaman “{''.join(closed[:1])}” belum terbuka baginya pada sop/access.py."),
        )
        yield from (wrong(f"jalur “{lane}”", column, sentence) for holds, column, sentence in asked if not holds)


def _rows(table: Table) -> Iterator[str]:
    for no, row in enumerate(table.rows, 1):
        where = f"baris {no}"
        try:
            Norm.read(row.waktu)
        except ValueError as unread:
            yield wrong(where, "waktu", str(unread))
        if row.counts_from not in COUNTS_FROM:
            yield unknown(where, "counts_from", row.counts_from, COUNTS_FROM)
        if not row.transitions:
            yield wrong(where, "transitions", "baris ini belum mempunyai langkah.")
    if len(table.line) < SHORTEST:
        yield wrong("baris 1", "transitions", f"tabel memerlukan sedikitnya {SHORTEST} langkah.")


def _keys(table: Table) -> Iterator[str]:
    taken = Counter([*table.finals, *SETS, *RELATIVE])
    for at in table.places:
        key = at.step.key
        taken[key] += 1
        if taken[key] > 1:
            yield wrong(at, "key", f"“{key}” sudah dipakai langkah atau status lain.")
        if not re.fullmatch(r"[a-z][a-z_]*", key) or len(key) > LONGEST_KEY:
            yield wrong(at, "key", f"“{key}” bukan kunci: huruf kecil dan garis bawah, paling panjang {LONGEST_KEY}.")


def _initials(table: Table) -> Iterator[str]:
    """Series need distinct initials: the default number pattern names the series by them."""
    seen: dict[str, str] = {}
    for at in [*table.places, *table.gone]:
        series = at.step.series
        if series and (other := seen.setdefault(initials(series), series)) != series:
            yield alike(at, series, other)


def _papers(table: Table) -> Iterator[str]:
    seen: dict[str, PaperKind] = {}
    for at in table.places:
        for paper in at.step.papers:
            if seen.setdefault(paper.key, paper) != paper:
                yield wrong(at, "papers", f"“{paper.key}” sudah ada dengan isi lain.")
            yield from _signers(at, paper)


def _signers(at: Place, paper: PaperKind) -> Iterator[str]:
    """Each signer is known and signs once, and at least one belongs to the office."""
    yield from (unknown(at, "papers, signers", word, [*SIGNERS]) for word in paper.signers if word not in SIGNERS)
    if len(set(paper.signers)) < len(paper.signers):
        yield wrong(at, "papers, signers", f"pada “{paper.key}” satu penanda tangan disebut dua kali.")
    if all(word in SIGNERS and not is_sent_to_signer(word) for word in paper.signers):
        yield wrong(at, "papers, signers", f"“{paper.key}” harus ditandatangani sedikitnya satu pejabat atau petugas.")


def _ends(table: Table) -> Iterator[str]:
    """Faults of the final states; the first one, where the main line ends, must not be `outside`."""
    for key, final in table.finals.items():
        where = f"status akhir “{key}”"
        if not final.label:
            yield wrong(where, "label", "nama statusnya belum diisi.")
        if final.tone not in BADGES:
            yield unknown(where, "tone", final.tone, BADGES)
    if next(iter(table.finals.values())).outside:
        yield wrong("status akhir pertama", "outside", "alur utama tidak dapat berakhir di luar panel.")


def _act(at: Place) -> Iterator[str]:
    step = at.step
    actors = [*LANES] if at.row else [*LANES, TURN, LAST]
    within = ["any"] if step.actor == TURN else [word for actor, word in WITHIN if actor == step.actor]
    columns = [("actor", step.actor, actors), ("within", step.within, within), ("tone", step.tone, TONES)]
    columns += [("gives", step.gives, ("", *GIVES)), ("repeat", step.repeat, ("", *REPEATS))]
    for column, word, words in columns:
        if word not in words:
            yield unknown(at, column, word, words)
    for column, needed, why in (
        ("record", step.draft, "langkah ini menyimpan konsep (draft)"),
        ("news", step.news_after, "kabarnya ditunggu (news_after)"),
        ("news_after", step.news_due, "kabarnya bertanggal (news_due)"),
    ):
        if needed and not getattr(step, column):
            yield wrong(at, column, f"belum diisi, padahal {why}.")


def _ways(table: Table) -> Iterator[str]:
    """Faults of start and target states; awaited acts need a state name, and exactly one detour names the paused
    state."""
    for at in table.line:
        if at.step.start or at.step.to:
            column = "start" if at.step.start else "to"
            yield wrong(at, column, "diisi hanya pada alur pengecualian; di sini urutan tabel yang berlaku.")
        if not at.step.waiting:
            yield wrong(at, "waiting", "nama statusnya belum diisi.")
    for at in table.detour_places:
        yield from _way(at, table.states, [UNTIL + other.step.key for other in table.line[1:]])
    if sum(bool(at.step.waiting) for at in table.detour_places) != 1:
        yield wrong("alur pengecualian", "waiting", "tepat satu langkah harus menamai status pengaduan yang ditunda.")


def _way(at: Place, states: list[str], spans: list[str]) -> Iterator[str]:
    for word in at.step.start or ("",):
        words = spans if word.startswith(UNTIL) else [*SETS, *states]
        if word not in words:
            yield unknown(at, "start", word, words)
    if at.step.to not in (*RELATIVE, *states):
        yield unknown(at, "to", at.step.to, (*RELATIVE, *states))


def _needs(table: Table) -> Iterator[str]:
    """A record that an act needs must be made earlier on the main line, or by a detour."""
    order, made = [at.step.key for at in table.line], dict[str, int]()
    for place, at in enumerate(table.line):
        made.setdefault(at.step.record, place)
    by_detours = {at.step.record for at in table.detour_places}
    for at in table.places:
        begins = max(order.index(state) if state in order else len(order) for state in at.step.start or (at.step.key,))
        late = [
            need.record
            for need in at.step.needs
            if need.record not in by_detours and made.get(need.record, -1) >= begins
        ]
        yield from (wrong(at, "needs", f"“{key}” baru dibuat pada langkah “{order[made[key]]}”.") for key in late)


def _calls(table: Table) -> Iterator[str]:
    """An act that a mark of the case calls for needs a record, by which it counts as done, and so do the acts that
    settle it."""
    recorded = [at.step.key for at in table.places if at.step.record]
    for at in table.places:
        step = at.step
        if step.called_by and (at.row or step.called_by not in MARKS):
            yield unknown(at, "called_by", step.called_by, () if at.row else MARKS)
        if step.called_by and not step.record:
            yield wrong(at, "record", "belum diisi, padahal catatannya menandai bahwa langkah ini sudah dilakukan.")
        yield from (unknown(at, "settled_by", word, recorded) for word in step.settled_by if word not in recorded)


def _series(table: Table) -> Iterator[str]:
    """Each series must be taken by an act and printed on a paper. If two do not match, the word that occurs less often
    in the table is reported first, as it is more likely the misspelt one."""
    takers = [(at, "series", at.step.series) for at in table.places if at.step.series]
    carriers = [(at, "papers, series", p.series) for at in table.places for p in at.step.papers if p.series]
    words = Counter(word for at in table.places for word in _nouns(at.step))
    unmatched = [*_missing(takers, carriers), *_missing(carriers, takers)]
    for at, column, word, others in sorted(unmatched, key=lambda entry: words[entry[2]]):
        yield unknown(at, column, word, others)


Entry = tuple[Place, str, str]  # place, column, word


def _missing(entries: list[Entry], others: list[Entry]) -> Iterator[tuple[Place, str, str, list[str]]]:
    """The entries whose word is in none of the others, each with the others' words."""
    words = list(dict.fromkeys(word for _, _, word in others))
    return ((at, column, word, words) for at, column, word in entries if word not in words)


def _nouns(step: Transition) -> list[str]:
    return [step.series, step.record, *(word for paper in step.papers for word in (paper.key, paper.series))]
