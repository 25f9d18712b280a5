"""Whether the table can be run at all: every word in it must be one that exists. Asked before anything is derived."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sop.access import SECRECY, STANDINGS, UNIT, WITHIN, opens, readable_by
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
from sop.signers import SIGNERS, is_carried
from sop.table import Place, Table, alike, initials, unknown, wrong
from sop.words import in_a_sentence


def revision_faults(revisions: Sequence[Revision]) -> Iterator[str]:
    """What is wrong with the signed revisions: each after the first has a number of its own, a date, a fingerprint."""
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
    """What is wrong with the keys that the table no longer has: each is gone indeed, and leads to what there is."""
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
SHORTEST = 2  # acts of the line: one receives, one is awaited
WORKED_ON = ("beranda", "akun", "pengaduan", "cari", "dokumen")  # pages without which nobody in a lane can work
LANE_KEY = re.compile(r"[a-z][a-z_]{,19}")  # a person's role holds twenty letters
LONGEST_KEY = 40  # letters: the columns that keep keys hold no more


def faults(table: Table | None = None) -> Iterator[str]:
    """What is wrong with the words that the procedure itself knows; records, effects and templates are asked where
    they are known."""
    table = table or Table()
    yield from _lanes(table)
    yield from _rows(table)
    yield from _keys(table)
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
    """Each lane has a name, reads what it acts on and opens the pages for it: else whoever signs in meets errors."""
    acting = {at.step.actor for at in table.line} - {PETUGAS, BIDANG}  # in these two some read what the others may not
    for lane in LANES:
        yield from _lane(lane, UNIT if lane == BIDANG else lane, reads_all=lane in acting)  # one lane works by units


def _lane(lane: str, standing: str, *, reads_all: bool) -> Iterator[str]:
    unread = [words for secrecy, words in SECRECY.items() if secrecy not in readable_by(standing)]
    may_lack = () if reads_all else list(SECRECY.values())[1:]
    closed = [noun for noun in WORKED_ON if not opens(lane, noun)]
    asked = (
        (LANE_KEY.fullmatch(lane), "LANES", "kuncinya huruf kecil dan garis bawah, paling panjang 20."),
        (LANES[lane].strip(), "LANES", "namanya belum diisi."),
        (standing in STANDINGS, "STANDINGS", f"kedudukan “{standing}” belum ada pada sop/access.py."),
        (
            standing in WITHIN.get((lane, "any"), ()),
            "WITHIN",
            f"(“{lane}”, “any”) dengan “{standing}” belum ada pada sop/access.py.",
        ),
        (
            {*unread} <= {*may_lack},
            "READERS",
            f"“{standing}” belum membaca pengaduan {in_a_sentence(''.join(unread[-1:]))}.",
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
    yield from _papers(table)


def _ends(table: Table) -> Iterator[str]:
    """How a case can end; the main line ends inside of the panel."""
    for key, final in table.finals.items():
        where = f"status akhir “{key}”"
        if not final.label:
            yield wrong(where, "label", "nama statusnya belum diisi.")
        if final.tone not in BADGES:
            yield unknown(where, "tone", final.tone, BADGES)
    if next(iter(table.finals.values())).outside:
        yield wrong("status akhir pertama", "outside", "alur utama tidak dapat berakhir di luar panel.")


def _papers(table: Table) -> Iterator[str]:
    seen: dict[str, PaperKind] = {}
    yield from _initials(table)
    for at in table.places:
        for paper in at.step.papers:
            if seen.setdefault(paper.key, paper) != paper:
                yield wrong(at, "papers", f"“{paper.key}” sudah ada dengan isi lain.")
            yield from _signers(at, paper)


def _initials(table: Table) -> Iterator[str]:
    """By the pattern that many kinds of papers share, a number names its series by initials alone."""
    seen: dict[str, str] = {}
    for at in [*table.places, *table.gone]:
        series = at.step.series
        if series and (other := seen.setdefault(initials(series), series)) != series:
            yield alike(at, series, other)


def _signers(at: Place, paper: PaperKind) -> Iterator[str]:
    """Each is a word of the table and signs once, and one of the office answers for the paper."""
    yield from (unknown(at, "papers, signers", word, [*SIGNERS]) for word in paper.signers if word not in SIGNERS)
    if len(set(paper.signers)) < len(paper.signers):
        yield wrong(at, "papers, signers", f"pada “{paper.key}” satu penanda tangan disebut dua kali.")
    if all(word in SIGNERS and not is_carried(word) for word in paper.signers):
        yield wrong(at, "papers, signers", f"“{paper.key}” harus ditandatangani sedikitnya satu pejabat atau petugas.")


def _act(at: Place) -> Iterator[str]:
    step = at.step
    actors = [*LANES] if at.row else [*LANES, TURN, LAST]
    ways = ["any"] if step.actor == TURN else [word for actor, word in WITHIN if actor == step.actor]
    asked = [("actor", step.actor, actors), ("within", step.within, ways), ("tone", step.tone, TONES)]
    asked += [("gives", step.gives, ("", *GIVES)), ("repeat", step.repeat, ("", *REPEATS))]
    for column, word, words in asked:
        if word not in words:
            yield unknown(at, column, word, words)
    if step.draft and not step.record:
        yield wrong(at, "record", "belum diisi, padahal langkah ini menyimpan konsep (draft).")
    if step.news_after and not step.news:
        yield wrong(at, "news", "belum diisi, padahal kabarnya ditunggu (news_after).")


def _ways(table: Table) -> Iterator[str]:
    """Where acts begin and lead to; what is awaited needs its name, and a case can be held in one state alone."""
    for at in table.line:
        if at.step.start or at.step.to:
            column = "start" if at.step.start else "to"
            yield wrong(at, column, "diisi hanya pada alur pengecualian; di sini urutan tabel yang berlaku.")
        if not at.step.waiting:
            yield wrong(at, "waiting", "nama statusnya belum diisi.")
    for at in table.aside:
        yield from _way(at, table.states, [UNTIL + other.step.key for other in table.line[1:]])
    if sum(bool(at.step.waiting) for at in table.aside) != 1:
        yield wrong("alur pengecualian", "waiting", "tepat satu langkah harus menamai status pengaduan yang ditunda.")


def _way(at: Place, states: list[str], spans: list[str]) -> Iterator[str]:
    for word in at.step.start or ("",):
        words = spans if word.startswith(UNTIL) else [*SETS, *states]
        if word not in words:
            yield unknown(at, "start", word, words)
    if at.step.to not in (*RELATIVE, *states):
        yield unknown(at, "to", at.step.to, (*RELATIVE, *states))


def _needs(table: Table) -> Iterator[str]:
    """What an act needs can be in hand by then: it is made before on the line, or beside it."""
    order, made = [at.step.key for at in table.line], dict[str, int]()
    for place, at in enumerate(table.line):
        made.setdefault(at.step.record, place)
    beside = {at.step.record for at in table.aside}
    for at in table.places:
        begins = max(order.index(state) if state in order else len(order) for state in at.step.start or (at.step.key,))
        late = [
            need.record for need in at.step.needs if need.record not in beside and made.get(need.record, -1) >= begins
        ]
        yield from (wrong(at, "needs", f"“{one}” baru dibuat pada langkah “{order[made[one]]}”.") for one in late)


def _calls(table: Table) -> Iterator[str]:
    """What a mark of the case calls for is told done by a record, and ended by acts that have one."""
    kept = [at.step.key for at in table.places if at.step.record]
    for at in table.places:
        step = at.step
        if step.called_by and (at.row or step.called_by not in MARKS):
            yield unknown(at, "called_by", step.called_by, () if at.row else MARKS)
        if step.called_by and not step.record:
            yield wrong(at, "record", "belum diisi, padahal catatannya menandai bahwa langkah ini sudah dilakukan.")
        yield from (unknown(at, "settled_by", word, kept) for word in step.settled_by if word not in kept)


def _series(table: Table) -> Iterator[str]:
    """Each series is taken by an act and carried by a paper; of two that miss each other, the word that stands nowhere
    else in the table is the slip."""
    takers = [(at, "series", at.step.series) for at in table.places if at.step.series]
    carriers = [(at, "papers, series", p.series) for at in table.places for p in at.step.papers if p.series]
    words = Counter(word for at in table.places for word in _nouns(at.step))
    lost = [*_missing(takers, carriers), *_missing(carriers, takers)]
    for at, column, word, others in sorted(lost, key=lambda one: words[one[2]]):
        yield unknown(at, column, word, others)


Said = tuple[Place, str, str]  # where, in which column, which word


def _missing(said: list[Said], others: list[Said]) -> Iterator[tuple[Place, str, str, list[str]]]:
    there = list(dict.fromkeys(word for _, _, word in others))
    return ((at, column, word, there) for at, column, word in said if word not in there)


def _nouns(step: Transition) -> list[str]:
    return [step.series, step.record, *(word for paper in step.papers for word in (paper.key, paper.series))]
