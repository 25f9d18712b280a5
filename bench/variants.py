"""The variants of every paper: changes merged into the frozen contents of one finished case."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.sheets import blank_form
from models.records.main_line import ENDS
from models.records.registry import RECORDS
from models.workflow.masters import read_data
from papers.layout.sopsheet import sop_sheet
from sop.access import SECRECY
from sop.procedure import ROWS

Content = dict[str, Any]
LONG = 2600  # characters of a long text
PLH = {
    "title": "Plh. KEPALA DINAS",
    "name": "Dra. Endang Sulistyowati, M.AP.",
    "pangkat": "Pembina",
    "nip": "19000202 190002 2 002",
}
EVERYWHERE: dict[str, Content] = {
    "pendek": {},
    "a4": {"office": {"size": "A4"}},
    "kantor": {"demo": False},
    "rahasia": {"complaint": {"is_secret": True, "secrecy": SECRECY["rahasia"]}},
    "anonim": {
        "complaint": {"anonymous": True},
        "persons": {"pengadu": dict.fromkeys(("name", "nik", "kelurahan", "kecamatan"), "")},
        "records": {"berita_acara": {"blanks": {"receiver": ""}}},
    },
    "konsep": {"paper": {"draft": True, "number": ""}},
    "batal": {"paper": {"void": True}},
}


def _received(name: str, capacity: str, capacity_text: str, **more: str) -> Content:
    """A Berita Acara with another recipient than the pengadu."""
    blanks, kuasa = {"receiver": name, "capacity": capacity_text, **more}, {"kuasa": {"kind": "Kuasa", "name": name}}
    return {
        "persons": kuasa if capacity == "kuasa" else {},
        "records": {"berita_acara": {"blanks": blanks, "codes": {"capacity": capacity}}},
    }


SEVEN: list[str] = [unit["name"] for unit in read_data("divisions")]  # the office's units
NAME = "Prof. Dr. Hj. Siti Nurhaliza Kusumaningtyas Wiranegara, M.H."  # 60 characters
TITLE = (  # 120 characters
    "Permohonan bantuan bagi lansia yang tinggal sendiri, tidak bekerja lagi, dan merawat dua orang cucu yatim piatu "
    "di rumah"
)
POST = (  # 120 characters
    "Kepala Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial, Pemberdayaan Perempuan, serta Perlindungan Anak "
    "Kota Malang"
)
NINE = [f"Instruksi nomor {number} dari kalimat baku dinas ini" for number in range(1, 10)]


def _ordered(*, units: list[str] = SEVEN, **blanks: Any) -> Content:
    """A disposition in an office with these units, addressed to the second and the first of them."""
    return {"units": units, "records": {"disposition": {"blanks": {"unit": units[1], "others": units[:1], **blanks}}}}


OF_A_KIND: dict[str, dict[str, Content]] = {
    "form_pengaduan": {
        "nama-panjang": {
            "complaint": {"title": TITLE, "registrar": {"name": NAME, "title": POST}},
            "persons": {"pengadu": {"name": NAME}},
        }
    },
    "lembar_disposisi": {
        **{f"{len(units)}-unit": _ordered(units=units) for units in (SEVEN[:2], SEVEN[:5], SEVEN)},
        "14-unit": _ordered(units=[*SEVEN, *(f"{name} Wilayah II" for name in SEVEN)]),
        "nama-panjang": {
            **_ordered(named=[NAME]),
            "complaint": {"title": TITLE},
            "signer": {"name": NAME, "title": POST},
        },
        "9-instruksi": {
            **_ordered(instructions=NINE[:4]),
            "wording": {"lembar_disposisi.instructions": "\n".join(NINE)},
        },
        "6-ditunjuk": _ordered(named=[f"{number}. {NAME[:40]}" for number in range(1, 7)]),
        "penuh-catatan": {**_ordered(note="Mohon dikunjungi. " * 90), "office": {"disposition": "full"}},
        "penuh": {"office": {"disposition": "full"}},
        "catatan": {"records": {"disposition": {"blanks": {"note": "Mohon dikunjungi dan dilaporkan. " * 40}}}},
        "penuh-a4": {"office": {"disposition": "full", "size": "A4"}},
    },
    "nota_dinas": {
        "nama-panjang": {
            "signer": {"name": NAME, "title": POST},
            "records": {
                "approval": {"by": {"name": NAME, "title": POST}},
                "nota_dinas": {"blanks": {"subject": TITLE}},
            },
        },
        "paraf": {"office": {"paraf": True}},
        "rahasia": {**EVERYWHERE["rahasia"], "records": {"nota_dinas": {"blanks": {"nature": SECRECY["rahasia"]}}}},
        "catatan": {
            "records": {
                "approval": {
                    "blanks": {"outcome": "Disetujui dengan catatan", "note": "Laporkan hasilnya sebelum akhir bulan."}
                }
            }
        },
    },
    "berita_acara": {
        "kuasa": _received("Dewi Lestari, S.H.", "kuasa", "Kuasa pengadu"),
        "nama-panjang": {
            **_received(NAME, "kuasa", "Kuasa pengadu"),
            "complaint": {"title": TITLE},
            "signer": {"name": NAME, "title": POST},
            "kepala_dinas": {"name": NAME, "title": POST},
        },
        "keluarga": _received("Sri Wahyuni", "keluarga", "Keluarga pengadu", kinship="istri"),
    }
    | {
        f"akhir-{end.replace('_', '-')}": {
            "complaint": {"anonymous": end == "anonim"},
            "records": {
                "berita_acara": {
                    "codes": {"outcome": end, "medium": medium},
                    "blanks": {
                        "outcome": outcome,
                        "medium": name,
                        "response": reply,
                        **({"receiver": ""} if end == "anonim" else {}),
                    },
                }
            },
        }
        for (end, outcome), medium, name, reply in zip(
            ENDS.items(),
            ("tatap_muka", "tatap_muka", "whatsapp", "telepon", "surat"),
            ("Tatap muka", "Tatap muka", "WhatsApp", "Telepon", "Surat"),
            ("", "Mohon kabar lanjutan.", "Pengadu meminta pemeriksaan ulang.", "", ""),
            strict=True,
        )
    },
}


def merged(base: Content, changes: Content) -> Content:
    """A deep copy with the changes merged into it recursively."""
    content = copy.deepcopy(base)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(content.get(name), dict)
        content[name] = merged(content[name], value) if both else value
    return content


def variants(kind: str, content: Content) -> Iterator[tuple[str, Content]]:
    """The variants of one paper, each with its name."""
    acting = {"signer": PLH} if content["signer"] == content["kepala_dinas"] else {}
    approved = {"records": {"approval": {"by": PLH}}} if "approval" in content["records"] else {}
    own = {"plh": {"kepala_dinas": PLH, **acting, **approved}, **OF_A_KIND.get(kind, {})}
    for name, changes in {**EVERYWHERE, **own}.items():
        yield name, merged(content, changes)
    yield "panjang", longer(content)
    yield "panjang-a4", merged(longer(content), {"office": {"size": "A4"}})


def longer(content: Content) -> Content:
    """The content with long texts in all free-text fields."""
    records = {
        key: {"blanks": {name: stretched(text) for name, text in record["blanks"].items() if name in _free(key)}}
        for key, record in content["records"].items()
    }
    return merged(content, {"records": records, "complaint": {"story": stretched(content["complaint"]["story"])}})


def stretched(text: str) -> str:
    """A text repeated in paragraphs up to about LONG characters; an empty one stays empty."""
    return "\n".join([" ".join([text.replace("\n", " ")] * 3)] * (LONG // (3 * len(text)) + 1)) if text else ""


def _free(key: str) -> set[str]:
    """The names of a record's free-text blanks without a limit."""
    return {f.name for f in RECORDS[key].blanks() if type(f) is pw.TextField and not f.choices}


def blanks(at: datetime) -> Iterator[tuple[str, Content]]:
    """The blank form on both paper sizes."""
    for size in ("F4", "A4"):
        yield size.lower(), merged(blank_form(at=at, demo=False), {"office": {"size": size}})


def sheets() -> Iterator[tuple[str, Content]]:
    """The printed SOP on both paper sizes: as signed, changed, with a sixth row, and longer than a page."""
    more = replace(ROWS[2], kegiatan="Bidang memantau hasil penanganan pengaduan", output=("Lembar Pemantauan",))
    six = (*ROWS, more)
    rows = {
        "pendek": ROWS,
        "revisi": (replace(ROWS[0], waktu="10 menit"), *ROWS[1:]),
        "enam-baris": six,
        "panjang": (*six, *ROWS, more),
    }
    for name, of in rows.items():
        yield name, sop_sheet(size="F4", demo=False, rows=of)
        yield f"{name}-a4", sop_sheet(size="A4", demo=True, rows=of)
