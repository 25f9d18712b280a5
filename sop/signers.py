"""The signers of papers: key, Indonesian label, and where and how each signs."""

from dataclasses import dataclass

UNIT_HEAD, MAKER, PENGADU, RECEIVER = "unit_head", "maker", "pengadu", "receiver"
BY_HAND = "tangan"  # the only way so far


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A kind of signer. One who signs `at_counter` is present when the paper is printed; it is not sent to them."""

    label: str
    at_counter: bool = False
    way: str = BY_HAND
    known_as: str = ""  # to strangers, where the label says nothing to them


SIGNERS = {
    "petugas": Signer(label="Petugas"),  # petugas and maker: the user who performed the step
    "kepala_dinas": Signer(label="Kepala Dinas"),
    UNIT_HEAD: Signer(label="Kepala unit kerja"),
    MAKER: Signer(label="Pelaksana"),
    PENGADU: Signer(label="Pengadu", at_counter=True),
    RECEIVER: Signer(label="PIHAK KEDUA", at_counter=True, known_as="Pengadu"),  # the recipient of the result
}


def is_sent_to_signer(word: str) -> bool:
    """Whether the paper is sent to this signer; also true for "", papers without named signers."""
    return not word or not SIGNERS[word].at_counter


def label_of(word: str) -> str:
    """The signer's label on papers; "" for older papers, which await one unspecified signature."""
    return SIGNERS[word].label if word else ""


def public_label(word: str) -> str:
    """The signer's title on screens and as strangers may know it: neither the person nor the unit; "" as above."""
    return SIGNERS[word].known_as or SIGNERS[word].label if word else ""
