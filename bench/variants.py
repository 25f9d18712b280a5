"""The variants of every paper: changes merged into the frozen contents of one finished case.

What follows from a change is changed with it, as the Composer freezes it (`as_composed`): no variant shows what the
panel never writes.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import peewee as pw

from models.case.content import GROUP_LABELS, SEX_LABELS
from models.case.content_parts import AT_THE_COUNTER, in_one_copy
from models.case.sheets import blank_form
from models.complaint.complaint import PERSONS
from models.demo.texts import WORDS
from models.office.contacts import partly_masked_nik
from models.office.wording import WORDING
from models.records.entry import WANTED
from models.records.main_line import ATTEMPT_OUTCOMES, CAPACITIES, ENDS, MEDIA, WITHOUT_RECEIVER
from models.records.registry import RECORDS
from models.workflow.masters import read_data
from papers.layout.sopsheet import sop_sheet
from sop.access import SECRECY
from sop.procedure import KEPALA_DINAS, ROWS
from sop.signers import PENGADU, RECEIVER
from sop.vocabulary import vocabulary

Content = dict[str, Any]
LONG = 2600  # characters of a long text
PLH = {
    "title": "Plh. KEPALA DINAS",
    "name": "Dra. Endang Sulistyowati, M.AP.",
    "pangkat": "Pembina (IV/a)",
    "nip": "19000202 190002 2 002",
}
RAHASIA: Content = {"complaint": {"is_secret": True, "secrecy": SECRECY["rahasia"]}}
EVERYWHERE: dict[str, Content] = {
    "pendek": {},
    "a4": {"office": {"size": "A4"}},
    "kantor": {"demo": False},
    "rahasia": RAHASIA,
    "anonim": {"complaint": {"anonymous": True}},
    "konsep": {"paper": {"draft": True, "number": ""}},
    "batal": {"paper": {"void": True}},
}
KUASA = {
    "kind": PERSONS["kuasa"],
    "name": "Dewi Lestari, S.H.",
    "nik": "9973015203850007",
    "phone": "0812-0000-0007",
    "address": "Jl. Kawi No. 4, RT 02 RW 05",
    "job": "Advokat",
    "kelurahan": "Oro-oro Dowo",
    "kecamatan": "Klojen",
}


def merged(base: Content, changes: Content) -> Content:
    """A deep copy with the changes merged into it recursively."""
    content = copy.deepcopy(base)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(content.get(name), dict)
        content[name] = merged(content[name], value) if both else value
    return content


def _acted(blanks: Content, codes: Content) -> Content:
    return {"records": {"berita_acara": {"blanks": blanks, "codes": codes}}}


def _received(name: str, capacity: str, **more: str) -> Content:
    """Another recipient of the result than the pengadu."""
    blanks = {"receiver": name, "capacity": CAPACITIES[capacity], **more}
    persons = {"kuasa": {**KUASA, "name": name}} if capacity == "kuasa" else {}
    return {"persons": persons, **_acted(blanks, {"capacity": capacity})}


def _told_through(medium: str) -> Content:
    return _acted({"medium": dict(MEDIA)[medium], "place": ""}, {"medium": medium})


def _came_by(medium: str, reference: str, answered_by: str) -> Content:
    """A complaint that came by this medium and is answered by that one."""
    of = next(one for one in read_data("media")["media"] if one["code"] == medium)
    told = _told_through(answered_by)
    came = {"medium": of["name"], "medium_group": GROUP_LABELS[of["group"]], "medium_ref": reference}
    return {"complaint": {**came, "medium_ref_label": of["reference_label"]}, **told}


SITUATIONS: dict[str, Content] = {
    "pengadu": {},
    "kuasa": _received(KUASA["name"], "kuasa"),
    "keluarga": _received("Sri Wahyuni", "keluarga", kinship="adik"),
    "anonim": EVERYWHERE["anonim"],
    "surat": _came_by("surat", "12/RT.07/XI/2026 tanggal 19 November 2026", "telepon"),
    "daring": _came_by("whatsapp", "19 November 2026 pukul 07.40 WIB", "whatsapp"),
    "rahasia": RAHASIA,
}
RESPONSES = {
    "diterima_catatan": "Mohon kabar lanjutan.",
    "keberatan": "Pengadu meminta pemeriksaan ulang.",
}


def _ended(end: str, medium: str = "") -> Content:
    """A Berita Acara with that end."""
    blanks = {"outcome": ENDS[end], "response": RESPONSES.get(end, "")}
    told = merged(_acted(blanks, {"outcome": end}), _told_through(medium) if medium else {})
    return {"complaint": {"anonymous": True} if end == "anonim" else {}, **told}


def _ends_of_all() -> Iterator[tuple[str, Content]]:
    """Each end with each situation in which it can be."""
    for end, (who, changes) in product(ENDS, SITUATIONS.items()):
        untold = end in WITHOUT_RECEIVER
        if (untold and who in CAPACITIES and who != "pengadu") or (end == "anonim" and who == "pengadu"):
            continue
        through = "telepon" if end == "tidak_dihubungi" else "kanal" if end == "anonim" else ""
        yield f"{end.replace('_', '-')}-{who}", merged(_ended(end, through), changes)


SEVEN: list[str] = [unit["name"] for unit in read_data("divisions")]  # the office's units
NAME = "Prof. Dr. Hj. Siti Nurhaliza Kusumaningtyas Wiranegara, M.H."  # 60 characters
VISITOR = "Raden Ajeng Kusumawardhani Puspitasari Hadiningrat Wulandari"  # 60 characters
TITLE = (  # 120 characters
    "Permohonan bantuan bagi lansia yang tinggal sendiri, tidak bekerja lagi, dan merawat dua orang cucu yatim piatu "
    "di rumah"
)
POST = (  # 120 characters
    "Kepala Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial, Pemberdayaan Perempuan, serta Perlindungan Anak "
    "Kota Malang"
)
NAMED = [
    "Prof. Dr. Hj. Siti Nurhaliza Kusumaningtyas",
    "Drs. H. Bambang Hariyanto, M.Si.",
    "Rina Wulandari, S.Sos.",
    "Dra. Endang Sulistyowati, M.AP.",
    "Ir. Wicaksono Pradipta",
    "Siti Aminah, S.Sos.",
]
OF_A_HEAD = "Pembina Tingkat I (IV/b)"
NINE = [f"Instruksi nomor {number} dari kalimat baku dinas ini" for number in range(1, 10)]


def _ordered(*, units: list[str] = SEVEN, **blanks: Any) -> Content:
    """A disposition in an office with these units, addressed to the second and the first of them."""
    return {"units": units, "records": {"disposition": {"blanks": {"unit": units[1], "others": units[:1], **blanks}}}}


OF_A_KIND: dict[str, dict[str, Content]] = {
    "tanda_terima": {
        "perihal-panjang": {"complaint": {"title": TITLE, "missing": ["NIK", "Telepon/WhatsApp", "Alamat"]}},
        "bukti-banyak": {
            "complaint": {"attachments": [{"name": f"foto-rumah-{n}.jpg", "place": ""} for n in range(1, 13)]}
        },
        "jawaban-pertama": {"complaint": {"deadline": {"ends": "Jawaban pertama paling lambat"}}},
    },
    "form_pengaduan": {
        "nama-panjang": {
            "complaint": {"title": TITLE, "registrar": {"name": NAME, "title": POST, "pangkat": OF_A_HEAD}},
            "persons": {"pengadu": {"name": VISITOR}},
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
        "6-ditunjuk": _ordered(named=NAMED),
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
        "catatan": {
            "records": {
                "approval": {
                    "blanks": {"outcome": "Disetujui dengan catatan", "note": "Laporkan hasilnya sebelum akhir bulan."}
                }
            }
        },
        "catatan-panjang": {
            "records": {
                "approval": {"blanks": {"outcome": "Disetujui dengan catatan", "note": "Laporkan hasilnya. " * 20}}
            }
        },
    },
    "berita_acara": {
        "kuasa": SITUATIONS["kuasa"],
        "nama-panjang": {
            **_received(NAME, "kuasa"),
            "complaint": {"title": TITLE},
            "signer": {"name": NAME, "title": POST},
            "kepala_dinas": {"name": NAME},
            "records": {**_received(NAME, "kuasa")["records"], "approval": {"by": {"name": NAME}}},
        },
        "keluarga": SITUATIONS["keluarga"],
        "akhir-diterima": _ended("diterima"),
        "akhir-diterima-catatan": _ended("diterima_catatan", "whatsapp"),
        "akhir-keberatan": _ended("keberatan", "telepon"),
        "akhir-tidak-dihubungi": _ended("tidak_dihubungi", "telepon"),
        "akhir-anonim": _ended("anonim", "kanal"),
    },
}


NAMELESS_CATEGORY = "Bantuan sosial tidak tepat sasaran"
NAMELESS_STORY = (
    "Pengadu menyampaikan bahwa di lingkungannya ada penerima PKH yang rumahnya sudah bertingkat dan memiliki mobil, "
    "sedangkan beberapa janda lanjut usia di RT yang sama tidak menerima apa-apa. Pengadu memohon agar warga didata "
    "ulang di lapangan dan identitasnya tidak disebutkan kepada warga."
)
NAMELESS = next(text for text in WORDS["complaints"] if text["title"] == "Penerima PKH dinilai sudah mampu")


def credible(content: Content) -> Content:
    """A case without a name in the words of one who could have kept his back: no papers and no home of his own; a
    response of a kuasa or a relative in the words of theirs; of a result that reached nobody, what is kept for him."""
    act = content["records"].get("berita_acara", {"codes": {}})
    if (who := act["codes"].get("capacity")) in CAPACITIES and "response" in act["blanks"]:
        act["blanks"]["response"] = re.sub("^Pengadu ", f"{CAPACITIES[who]} ", act["blanks"]["response"])
    alone = act["codes"].get("outcome") in WITHOUT_RECEIVER
    if alone and not content["complaint"]["anonymous"]:
        act["blanks"]["told"] = content["records"]["nota_dinas"]["blanks"]["answer"]
    if not content["complaint"]["anonymous"]:
        return content
    seen = NAMELESS["findings"]
    answer = seen["answer"].partition(" Terima kasih")[0]
    written = {name: seen[name] for name in ("facts", "method", "analysis", "action", "conclusion_text")}
    records = {
        "assessment": {**written, "visited": "", "desil": "", "aid": "", "answer": answer},
        "nota_dinas": {
            "matter": NAMELESS_STORY,
            "findings": f"{seen['facts']}\n{seen['analysis']}",
            "conclusion": seen["conclusion_text"],
            "action": seen["action"],
            "answer": answer,
        },
        "berita_acara": {"told": answer if alone else NAMELESS["delivery"]["told"]},
    }
    complaint = {name: NAMELESS[name] or "" for name in ("title", "story", "asks", "accused", "loss", "evidence")}
    complaint["story"] = NAMELESS_STORY
    where = f"{NAMELESS['place']}, Kelurahan {content['complaint']['kelurahan']}"
    complaint |= {"event_place": where, "category": NAMELESS_CATEGORY, "attachments": []}
    there = {key: {"blanks": blanks} for key, blanks in records.items() if key in content["records"]}
    return merged(content, {"complaint": complaint, "records": there})


def changed(content: Content, changes: Content) -> Content:
    """The content with the changes and what follows from them, without changes of records that it does not have."""
    records = {key: record for key, record in changes.get("records", {}).items() if key in content["records"]}
    return as_composed(merged(content, {**changes, "records": records}))


def as_composed(content: Content) -> Content:
    """The same content, in which all that the Composer derives from it follows it (tests/papers/test_variants.py)."""
    complaint, records = content["complaint"], content["records"]
    content["persons"] = _persons(content)
    if complaint["anonymous"]:
        of_him = {label for name, label in WANTED.items() if name.startswith("pengadu.")}
        complaint["missing"] = [label for label in complaint["missing"] if label not in of_him]
    act = records.get("berita_acara", {"codes": {}})
    if complaint["anonymous"] and act["codes"].get("capacity") == "pengadu":
        act["blanks"]["receiver"] = ""
    if complaint["is_secret"]:
        _withhold(content)
    if act["codes"].get("outcome") == "tidak_dihubungi":
        for attempt in content["attempts"]:
            attempt["codes"]["outcome"], attempt["blanks"]["outcome"] = ATTEMPT_OUTCOMES[1]
            attempt["blanks"]["note"] = ""
    content["signers"] = list(_signers(content))
    return content


def _persons(content: Content) -> Content:
    """A kuasa with the columns that this paper shows of a party; of a pengadu without a name there is nothing."""
    persons, nothing = dict(content["persons"]), {"sex": SEX_LABELS[""], "do_not_call": False}
    columns = list(persons.get("pengadu", {}))
    if "kuasa" in persons:
        kuasa = {name: persons["kuasa"].get(name, nothing.get(name, "")) for name in columns}
        if "phone" not in columns and kuasa.get("nik", "").isdigit():
            kuasa["nik"] = partly_masked_nik(kuasa["nik"])
        persons["kuasa"] = kuasa
    if content["complaint"]["anonymous"] and columns:
        persons["pengadu"] = {name: nothing.get(name, "") for name in columns} | {"kind": PERSONS["pengadu"]}
    return persons


def _withhold(content: Content) -> None:
    """What a rahasia case has otherwise in all its records and in the wording."""
    kind, records, secret = content["paper"]["key"], content["records"], SECRECY["rahasia"]
    texts = {key: text.text for key, text in WORDING.items() if kind in text.papers}
    content["wording"] = in_one_copy({**texts, **content.get("wording", {})})
    if "disposition" in records:
        records["disposition"]["blanks"]["secrecy"] = secret
        records["disposition"]["codes"]["secrecy"] = "rahasia"
    if "nota_dinas" in records:
        records["nota_dinas"]["blanks"]["nature"] = secret


def _signers(content: Content) -> Iterator[Content]:
    """Those of the office as named elsewhere in the content, and the visitors who are there."""
    complaint, signer = content["complaint"], vocabulary().papers[content["paper"]["key"]].signer
    name = content["persons"].get("pengadu", {}).get("name", "")
    there = {}
    if complaint["medium_group"] == GROUP_LABELS[AT_THE_COUNTER] and not complaint["anonymous"]:
        there[PENGADU] = {"name": content["persons"].get("kuasa", {}).get("name") or name}
    for key, record in content["records"].items():
        receiver = RECORDS[key].receiver_of({**record["blanks"], **record["codes"]})
        if receiver is not None:
            there[RECEIVER] = {"name": receiver or name}
    officers = {KEPALA_DINAS: content["kepala_dinas"], signer: content["signer"]}
    for one in content["signers"]:
        if one["role"] in there or one["role"] not in (PENGADU, RECEIVER):
            yield {**one, **there.get(one["role"], officers.get(one["role"], {}))}


def variants(kind: str, content: Content) -> Iterator[tuple[str, Content]]:
    """The variants of one paper, each with its name; those that every test can walk."""
    base = changed(content, RAHASIA if vocabulary().papers[kind].secret_only else {})
    acting = {"signer": PLH} if content["signer"] == content["kepala_dinas"] else {}
    decided = {"records": {key: {"by": PLH} for key in ("disposition", "approval")}}
    own = {"plh": {"kepala_dinas": PLH, **acting, **decided}, **OF_A_KIND.get(kind, {})}
    for name, changes in {**EVERYWHERE, **own}.items():
        yield name, credible(changed(base, changes))
    yield "panjang", longer(base)
    yield "panjang-a4", merged(longer(base), {"office": {"size": "A4"}})


def every_variant(kind: str, content: Content) -> Iterator[tuple[str, Content]]:
    """These and all that are looked at, on both sizes: each end with each situation, long names, many units."""
    few = dict(variants(kind, content))
    yield from few.items()
    yield "plh-a4", merged(few["plh"], {"office": {"size": "A4"}})
    base = changed(content, RAHASIA if vocabulary().papers[kind].secret_only else {})
    told = dict(_ends_of_all()) if kind in TOLD else {who: SITUATIONS[who] for who in ("kuasa", "surat", "daring")}
    crowded = {f"{count}-unit-100": _ordered(units=HUNDREDS[:count]) for count in range(2, 15)}
    more = {who: credible(changed(base, changes)) for who, changes in told.items()}
    more |= {name: changed(base, changes) for name, changes in crowded.items() if kind == "lembar_disposisi"}
    more["nama-60"] = with_long_names(base)
    for (name, one), size in product(more.items(), ("F4", "A4")):
        yield f"{name}-{size.lower()}", merged(one, {"office": {"size": size}})


TOLD = frozenset({"berita_acara", "kutipan_berita_acara"})
UNIT = "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial, Pemberdayaan Perempuan, dan Perlindungan Anak"  # 99
HUNDREDS = [f"{UNIT[:-5]} {number:04}" for number in range(1, 15)]


def with_long_names(content: Content) -> Content:
    """The content with a name of 60 letters for everyone, a post of 120 for all but the Kepala Dinas, a title of 120,
    units of 100."""
    persons = {who: {"name": VISITOR} for who in content["persons"]}
    unit = {"name": UNIT} if content["unit"]["name"] else {}
    long = merged(content, {"complaint": {"title": TITLE}, "persons": persons, "unit": unit, "units": HUNDREDS[:5]})
    if "berita_acara" in long["records"]:
        long["records"]["berita_acara"]["blanks"]["receiver"] = VISITOR
    return as_composed(_lengthened(long))


def _lengthened(value: Any) -> Any:
    """The same with the officers in it, however deep, named and titled at length."""
    if isinstance(value, list):
        return [_lengthened(one) for one in value]
    if not isinstance(value, dict):
        return value
    officer = {"name": NAME} if {"name", "title", "nip"} <= value.keys() else {}
    officer |= {"title": POST} if officer and "KEPALA DINAS" not in value["title"].upper() else {}
    officer |= {"pangkat": OF_A_HEAD} if officer and value.get("pangkat") else {}
    return {key: _lengthened(one) for key, one in value.items()} | officer


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
        yield name, sop_sheet(size="F4", demo=True, rows=of)
        yield f"{name}-a4", sop_sheet(size="A4", demo=True, rows=of)
