"""The offer to sign papers electronically, where the environment configures a way to do so."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from admin.door.gate import admits_to
from admin.door.rows import signed_in
from models.complaint.scope import viewer
from papers.signing.runs import signing_choice, waiting_papers
from papers.signing.signing_ways import office_key, signing_service

NOUN = "meja"
MOST = 100  # papers of one run
KEY, SERVICE = "kunci", "layanan"
OFFER = "Tanda tangani secara elektronik ({} dokumen)"
BY_HAND = "Cara menandatanganinya"


@dataclass(frozen=True)
class SigningOffer:
    """A link to sign papers that wait for the user."""

    words: str
    url: str


def signing_offer(among: Iterable[int] | None = None) -> SigningOffer | None:
    """The way to sign those of `among`, or all, that wait for the user; None without one, or if none waits."""
    if not (configured_ways() and admits_to((NOUN,))):
        return None
    who = viewer(signed_in())
    if among is None:
        ids = [paper.id for paper in waiting_papers(who, MOST)]
    else:
        ids = list(dict.fromkeys(missing.paper.id for missing in signing_choice([*among][:MOST], who).missing))
    return SigningOffer(OFFER.format(len(ids)), signing_address(ids)) if ids else None


def by_hand_offer() -> SigningOffer | None:
    """The way to the page that says how papers are signed without any way in the panel; None for who may not sign."""
    return SigningOffer(BY_HAND, signing_address([])) if admits_to((NOUN,)) and not configured_ways() else None


def configured_ways() -> list[str]:
    """The keys of the ways that the environment configures."""
    ways = {SERVICE: signing_service(os.environ, nik="", passphrase=""), KEY: office_key(os.environ)}
    return [way for way, is_configured in ways.items() if is_configured]


def signing_address(ids: Iterable[int]) -> str:
    return url_for("tanda-tangan.index", id=list(ids))
