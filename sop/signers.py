"""Who signs papers: a word each, how the office calls him, where he signs and in which way."""

from dataclasses import dataclass

UNIT_HEAD, MAKER, PENGADU, RECEIVER = "unit_head", "maker", "pengadu", "receiver"
BY_HAND = "tangan"  # the one way there is so far


@dataclass(frozen=True, kw_only=True)
class Signer:
    """One word of the table; whoever signs `at_counter` has the paper before him, and nobody carries it to him."""

    label: str
    at_counter: bool = False
    way: str = BY_HAND


SIGNERS = {
    "petugas": Signer(label="Petugas"),  # petugas and maker: who did the step
    "kepala_dinas": Signer(label="Kepala Dinas"),
    UNIT_HEAD: Signer(label="Kepala unit kerja"),
    MAKER: Signer(label="Pelaksana"),
    PENGADU: Signer(label="Pengadu", at_counter=True),
    RECEIVER: Signer(label="PIHAK KEDUA", at_counter=True),  # whom the result is told to
}


def is_carried(word: str) -> bool:
    """Whether a paper is brought to whoever signs so; one that names nobody by a word is."""
    return not word or not SIGNERS[word].at_counter


def label_of(word: str) -> str:
    """How the office calls whoever signs so; "" of a paper of before, that waits for one hand whosoever."""
    return SIGNERS[word].label if word else ""
