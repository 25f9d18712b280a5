"""Who may do and see what, as tables: standings towards a case × operations. Everything that decides reads them."""

from sop.flow import HELD, TRANSITIONS
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, LAST, PETUGAS, TURN, Transition

PENGAWAS, ADMIN = "pengawas", "admin"
ROLES = {**LANES, PENGAWAS: "Pengawas (Inspektorat)", ADMIN: "Pengelola Sistem"}

SECRECY = {"biasa": "Biasa", "terbatas": "Terbatas", "rahasia": "Rahasia"}
URGENCY = {"biasa": "Biasa", "segera": "Segera", "sangat_segera": "Sangat segera"}

# Standings towards one case. A lane's name is the standing of everyone in that lane; the finer ones depend on the case.
REGISTRAR = "registrar"  # who received it, and the standing "petugas pengaduan rahasia"
HEAD, HANDLER, UNIT, SUBMITTER = (
    "head",
    "handler",
    "unit",
    "submitter",
)  # of the unit that leads the disposition in force
ADDRESSED, NAMED = "addressed", "named"  # in another addressed unit; named at dispose or in the standing team
EMERGENCY = "emergency"  # in the category's emergency unit, as long as no disposition is in force
MADE_LAST = "made_last"  # made the last step
STANDINGS = {
    PETUGAS: "petugas",
    REGISTRAR: "petugas yang mencatat, atau petugas pengaduan rahasia",
    KEPALA_DINAS: "Kepala Dinas, termasuk Plt./Plh.",
    HEAD: "kepala unit kerja yang menangani, termasuk Plt./Plh.",
    HANDLER: "pelaksana: staf yang ditugaskan dan kepala unit, atau seluruh unit",
    SUBMITTER: "kepala unit kerja; menurut pengaturan juga pelaksana",
    UNIT: "unit kerja yang menangani",
    ADDRESSED: "unit kerja lain yang dituju",
    NAMED: "orang yang ditunjuk dan tim tetap kategori",
    EMERGENCY: "unit darurat kategori, sebelum disposisi",
    MADE_LAST: "pelaku langkah terakhir",
    PENGAWAS: "pengawas dengan Surat Tugas",
}

READERS = {
    "biasa": frozenset({PETUGAS, KEPALA_DINAS, UNIT, ADDRESSED, NAMED, EMERGENCY, PENGAWAS}),
    "terbatas": frozenset({PETUGAS, KEPALA_DINAS, UNIT, ADDRESSED, NAMED, EMERGENCY, PENGAWAS}),
    "rahasia": frozenset({REGISTRAR, KEPALA_DINAS, HEAD, NAMED, EMERGENCY, PENGAWAS}),
}

CONTACT = frozenset({PETUGAS, HANDLER})  # may see contact data on an open step page that says so

_WITHIN = {
    (PETUGAS, "any"): {PETUGAS},
    (PETUGAS, "addressed"): {PETUGAS, UNIT, ADDRESSED},
    (KEPALA_DINAS, "any"): {KEPALA_DINAS},
    (BIDANG, "any"): {UNIT},
    (BIDANG, "handler"): {HANDLER},
    (BIDANG, "head"): {HEAD},
    (BIDANG, "submitter"): {SUBMITTER},
    (BIDANG, "emergency"): {EMERGENCY},
    (LAST, "any"): {MADE_LAST},
}

# Pages of the panel by noun: who reads, who writes (through a form; transitions go by `performers`).
CONTENT = frozenset({PETUGAS, KEPALA_DINAS, BIDANG, PENGAWAS})
_MASTERS = (
    "unit",
    "jabatan",
    "plt",
    "surat-tugas",
    "tim-tetap",
    "media",
    "kategori",
    "kelurahan",
    "hari-libur",
    "jam-kerja",
    "alasan",
    "pengaturan",
)
PAGES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "beranda": (frozenset(ROLES), frozenset()),
    **{
        n: (CONTENT, frozenset())
        for n in ("pengaduan", "disposisi", "asesmen", "nota-dinas", "berita-acara", "dokumen")
    },
    "riwayat": (CONTENT, frozenset()),
    "sop": (frozenset(ROLES), frozenset()),
    "pengguna": (frozenset({ADMIN, PENGAWAS}), frozenset({ADMIN})),
    **{n: (frozenset({ADMIN, PENGAWAS}), frozenset({ADMIN})) for n in _MASTERS},
}


def performers(transition: Transition, awaited: str = "") -> frozenset[str]:
    """The standings that may perform a transition; for "whose turn it is" those of the awaited one."""
    if transition.actor == TURN:
        turn = TRANSITIONS.get(awaited)
        return performers(turn) if turn and awaited != HELD else frozenset()
    return frozenset(_WITHIN[transition.actor, transition.within])


def lanes(transition: Transition, awaited: str = "") -> frozenset[str]:
    """The lanes (roles) in which a transition can be performed at all."""
    if transition.actor == TURN:
        turn = TRANSITIONS.get(awaited)
        return lanes(turn) if turn and awaited != HELD else frozenset(LANES)
    if transition.actor == LAST:
        return frozenset(LANES)
    return frozenset({transition.actor, BIDANG} if transition.within == "addressed" else {transition.actor})


def may_read(secrecy: str, standings: frozenset[str]) -> bool:
    return bool(READERS[secrecy] & standings)


def opens(role: str, noun: str) -> bool:
    """Whether a role may open a page of the panel; an undeclared page is closed."""
    return role in PAGES.get(noun, (frozenset(),))[0]


def writes(role: str, noun: str) -> bool:
    return role in PAGES.get(noun, (frozenset(), frozenset()))[1]
