"""Papers that the panel has signed electronically after the decision: by a key of the office, or by a signing service.

`sign_waiting` runs in a background thread and proves each signed file before it counts; what is kept of it is the
caller's to say. Signatures go one after the other onto the latest version of a paper. The contract with a service is
docs/signing-service.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Event

from models.complaint.paper import Paper, PaperHand, Print
from models.workflow.marks import SIGNED, refusals
from papers.printing.failure import PrintError
from papers.signing.reading import ReturnedPaper, returned_paper
from papers.signing.signing_ways import KEY_FAILED, SigningWay, Unsigned, UnsignedCopy
from sop.signers import label_of
from sop.words import format_date

BATCH = 25  # papers of which one child process signs, and which are in memory at once
MOST_FAILURES = 3  # one after the other; then the rest is not tried
ELECTRONIC = "Ditandatangani secara elektronik"
ENDED = "Panel sedang berhenti."
REPEATED = "Tiga dokumen berturut-turut tidak berhasil ditandatangani."
NOT_TRIED = "Belum dicoba. {}"
OTHER = "Berkas terakhirnya bukan dokumen ini, atau isinya diubah."
SIGNED_ALREADY = "Kolom tanda tangan {} pada dokumen ini sudah terisi."
BEFORE_FAILED = "Belum dicoba, karena penanda tangan sebelumnya belum berhasil."
REWRITTEN = "Yang diterima kembali bukan dokumen yang dikirim, atau berkasnya ditulis ulang; tidak disimpan."
CHANGED = "Yang diterima kembali tidak disimpan: {}"
UNSIGNED = "Yang diterima kembali tidak memuat satu tanda tangan baru dari penanda tangannya; tidak disimpan."
NOT_INTACT = "Tanda tangan pada berkas yang diterima kembali tidak utuh; tidak disimpan."


@dataclass(frozen=True, kw_only=True)
class RequestedSignature:
    """A signature that a paper still needs: the role, the signer's name and title as frozen on it, and what opens the
    latest version (the print, or what others have signed). PrintError of it becomes the paper's sentence."""

    printed: Print
    latest: Callable[[], bytes] = field(repr=False)
    role: str
    name: str
    title: str


@dataclass(frozen=True, kw_only=True)
class SigningOutcome:
    """What became of one requested signature: the proven paper, or the sentence why not."""

    request: RequestedSignature
    returned: ReturnedPaper | None = None
    sentence: str = ""


def sign_waiting(
    requests: Iterable[RequestedSignature],
    *,
    way: SigningWay,
    keep: Callable[[RequestedSignature, bytes, ReturnedPaper], None],
    issuers: str,
    on: date,
    stop: Event | None = None,
) -> Iterator[SigningOutcome]:
    """Have these papers signed, and `keep` each that is proven; an outcome for every paper and role, as they come.

    Work is done only as the outcomes are taken. What `keep` raises ends the run, with no more signed than that one and
    its batch. `issuers`: whose certificates are trusted, as PEM. `on`: the day that a visible signature shows. `stop`:
    once set, the rest is not tried.
    """
    asked = [*{(request.printed.paper_id, request.role): request for request in requests}.values()]
    times = Counter(request.printed.paper_id for request in asked)
    several = frozenset(paper for paper, count in times.items() if count > 1)
    run = _SigningRun(way=way, keep=keep, issuers=issuers, on=on, stop=stop or Event(), several=several)
    for chunk in _chunks_in_order(asked):
        yield from run.outcomes(chunk)


def _chunks_in_order(requests: Iterable[RequestedSignature]) -> Iterator[list[RequestedSignature]]:
    """The requests in small lists with each paper at most once, its signers in the order of the paper."""
    by_paper: dict[int, list[RequestedSignature]] = defaultdict(list)
    for request in requests:
        by_paper[request.printed.paper_id].append(request)
    places = {
        (hand.paper_id, hand.role): hand.place for hand in PaperHand.select().where(PaperHand.paper.in_([*by_paper]))
    }
    for paper, several in by_paper.items():
        several.sort(key=lambda request: places.get((paper, request.role), 0))
    while by_paper:
        turn = [several.pop(0) for several in by_paper.values()]
        by_paper = {paper: several for paper, several in by_paper.items() if several}
        yield from (turn[start : start + BATCH] for start in range(0, len(turn), BATCH))


@dataclass(kw_only=True)
class _SigningRun:
    """What one run knows: why the rest is not tried, and the versions that it made."""

    way: SigningWay
    keep: Callable[[RequestedSignature, bytes, ReturnedPaper], None]
    issuers: str
    on: date
    stop: Event
    several: frozenset[int]  # papers of which several sign in this run
    halt: str = ""
    failures: int = 0  # one after the other
    made: dict[int, tuple[bytes, frozenset[str] | None]] = field(
        default_factory=dict
    )  # by paper; with its filled fields
    unsigned: set[int] = field(default_factory=set)  # papers of which a signature failed

    def outcomes(self, chunk: Sequence[RequestedSignature]) -> Iterator[SigningOutcome]:
        """What becomes of each; no paper may be in the chunk twice."""
        refused, roles = self._refusals(chunk), _roles_of(chunk)
        ready: list[tuple[RequestedSignature, UnsignedCopy]] = []
        for request in chunk:
            copy = self._copy(request, refused.get(request.printed.paper_id, ""))
            if isinstance(copy, UnsignedCopy):
                ready.append((request, copy))
            else:
                yield SigningOutcome(request=request, sentence=copy)
        answers = self.way.sign([copy for _, copy in ready])
        for request, copy in ready:
            if sentence := self._reason_to_halt():
                yield SigningOutcome(request=request, sentence=sentence)
            else:
                others = roles[request.printed.paper_id] - {request.role}
                yield self._judged(request, copy, next(answers, Unsigned(KEY_FAILED)), others)

    def _refusals(self, chunk: Sequence[RequestedSignature]) -> dict[int, str]:
        """Sentences by paper id: void by now, signed by now, or not for this signer."""
        columns = Paper.select(Paper.id, Paper.kind, Paper.issued_at)
        papers = {paper.id: paper for paper in columns.where(Paper.id.in_([r.printed.paper_id for r in chunk]))}
        refused: dict[int, str] = {}
        for role in {request.role for request in chunk}:
            of_role = [papers[request.printed.paper_id] for request in chunk if request.role == role]
            refused |= refusals(of_role, SIGNED, self.on, {role})
        return refused

    def _reason_to_halt(self) -> str:
        if self.stop.is_set():
            self.halt = ENDED
        return NOT_TRIED.format(self.halt) if self.halt else ""

    def _copy(self, request: RequestedSignature, refusal: str) -> UnsignedCopy | str:
        """The file to be signed, or the sentence why none is."""
        printed = request.printed
        if sentence := self._reason_to_halt() or refusal:
            return sentence
        if printed.paper_id in self.unsigned:
            return BEFORE_FAILED
        try:
            made = self.made.pop(printed.paper_id, None)
            data, filled = made or self._opened(request)
        except PrintError as failed:
            return str(failed)
        if filled is None:
            return OTHER
        if request.role in filled:
            return SIGNED_ALREADY.format(label_of(request.role))
        lines = (ELECTRONIC, request.name, request.title, format_date(self.on))
        return UnsignedCopy(data=data, role=request.role, filled=filled, lines=tuple(filter(None, lines)))

    def _opened(self, request: RequestedSignature) -> tuple[bytes, frozenset[str] | None]:
        """The latest version with its filled fields; None for these if it is not the paper with signatures alone."""
        data = request.latest()
        returned = returned_paper(data, issuers=self.issuers)
        if returned is None or returned.printed.paper_id != request.printed.paper_id or returned.fault:
            return data, None
        return data, frozenset(signature.field for signature in returned.signatures)

    def _judged(
        self, request: RequestedSignature, copy: UnsignedCopy, answer: bytes | Unsigned, others: frozenset[str]
    ) -> SigningOutcome:
        if isinstance(answer, Unsigned):
            self.halt = answer.sentence if answer.stops else self.halt
            return self._not_signed(request, answer.sentence)
        returned = self._proven(answer, copy, request.printed, others)
        if isinstance(returned, str):
            return self._not_signed(request, returned)
        self.failures = 0
        self.keep(request, answer, returned)
        if request.printed.paper_id in self.several:
            self.made[request.printed.paper_id] = answer, frozenset(one.field for one in returned.signatures)
        return SigningOutcome(request=request, returned=returned)

    def _not_signed(self, request: RequestedSignature, sentence: str) -> SigningOutcome:
        self.unsigned.add(request.printed.paper_id)
        self.failures += 1
        if self.failures >= MOST_FAILURES and not self.halt:
            self.halt = REPEATED
        return SigningOutcome(request=request, sentence=sentence)

    def _proven(self, data: bytes, copy: UnsignedCopy, printed: Print, others: frozenset[str]) -> ReturnedPaper | str:
        """The paper that came back, or the sentence why it does not count: it begins with what was sent, and one
        signature follows, in the field of the role or in one that is nobody's."""
        returned = returned_paper(data, issuers=self.issuers) if data.startswith(copy.data) else None
        if returned is None or returned.printed.paper_id != printed.paper_id:
            return REWRITTEN
        if returned.fault:
            return CHANGED.format(returned.fault)
        new = [one.field for one in returned.signatures if one.field not in copy.filled]
        if len(new) != 1 or not self._may_fill(new[0], copy.role, others):
            return UNSIGNED
        return returned if all(one.is_intact for one in returned.signatures) else NOT_INTACT

    def _may_fill(self, filled: str, role: str, others: frozenset[str]) -> bool:
        return filled == role or (filled not in others and not self.way.fills_field)


def _roles_of(chunk: Sequence[RequestedSignature]) -> dict[int, frozenset[str]]:
    """All signers of each paper, whose fields are theirs."""
    papers = [request.printed.paper_id for request in chunk]
    roles: dict[int, set[str]] = {paper: set() for paper in papers}
    for hand in PaperHand.select().where(PaperHand.paper.in_(papers)):
        roles[hand.paper_id].add(hand.role)
    return {paper: frozenset(of_paper) for paper, of_paper in roles.items()}
