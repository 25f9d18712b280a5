"""Contents of papers made by hand, shaped as models/case/content.py composes them."""

import copy
from typing import Any

from models.records.in_words import FORMAT
from models.records.registry import RECORDS
from sop.flow import current_procedure
from sop.signers import SIGNERS
from sop.vocabulary import vocabulary

AT = "2026-11-24T09:50:00+07:00"
CODE = {
    "text": "7K3M9Q2X0VBT5R8WJZ4CN6HYAD",
    "qr": "https://pengaduan.dinsos.kota.example/periksa/7K3M9Q2X0VBT5R8WJZ4CN6HYAD",
}
OFFICER = {
    "name": "Rina Wulandari",
    "nip": "19880412 201101 2 003",
    "pangkat": "Penata",
    "title": "Petugas Penanganan Pengaduan",
}
HEAD = {
    "name": "Wicaksono Pradipta, M.Si.",
    "nip": "19000101 190001 1 099",
    "pangkat": "Pembina Tingkat I",
    "title": "Kepala Dinas",
}
UNIT_HEAD = {
    "name": "Drs. Bambang Hariyanto",
    "nip": "19700305 199503 1 002",
    "pangkat": "Pembina",
    "title": "Kepala Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial",
}
STAFF = {
    "name": "Siti Aminah, S.Sos.",
    "nip": "",
    "pangkat": "",
    "title": "Staf Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial",
}
UNITS = [
    "Sekretariat",
    "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial",
    "Bidang Pengendalian Penduduk dan Keluarga Berencana",
    "UPT PPA",
    "Puspaga",
]
POSTS = {
    "Sekretariat": "SEKRETARIS",
    UNITS[1]: "KEPALA BIDANG REHABILITASI, PERLINDUNGAN DAN JAMINAN SOSIAL",
    UNITS[2]: "KEPALA BIDANG PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
    "UPT PPA": "KEPALA UPT PPA",
}  # Puspaga's post has never been entered
STORY = (
    "Ibu Suparmi (72 tahun) sejak Januari 2026 tidak lagi menerima bantuan PKH lansia, padahal tinggal sendiri dan "
    "tidak berpenghasilan.\nPengurus RT menyatakan namanya masih tercatat; tetangga yang mampu justru menerima."
)


def person(**changes: Any) -> dict[str, Any]:
    columns = {
        "kind": "Pengadu",
        "name": "Slamet Riyadi",
        "relation": "anak",
        "nik": "9973041203800001",
        "nik_note": "",
        "phone": "0812-3456-7890",
        "email": "slamet@example.org",
        "address": "Jl. Kolonel Sugiono Gg. 5 No. 12, RT 03 RW 07",
        "domicile": "",
        "birth": "Malang, 12 Maret 1980",
        "sex": "Laki-laki",
        "age": "46",
        "job": "Pedagang",
        "group": "",
        "safe_contact": "",
        "do_not_call": False,
        "kelurahan": "Kotalama",
        "kecamatan": "Kedungkandang",
    }
    return {**columns, **changes}


def record(
    title: str,
    by: dict[str, Any],
    at: str,
    blanks: dict[str, Any],
    codes: dict[str, str],
    moments: dict[str, str] | None = None,
) -> dict[str, Any]:
    labels = {name: name.replace("_", " ").capitalize() for name in blanks}
    return {
        "title": title,
        "at": at,
        "revision": 1,
        "by": by,
        "blanks": blanks,
        "codes": codes,
        "moments": moments or {},
        "labels": labels,
        "order": list(labels),
    }


def records() -> dict[str, Any]:
    return {
        "disposition": record(
            "Disposisi",
            HEAD,
            "2026-11-23T10:05:00+07:00",
            {
                "unit": UNITS[1],
                "others": ["Sekretariat"],
                "urgency": "Segera",
                "secrecy": "Biasa",
                "instructions": ["Proses lebih lanjut", "Kunjungan lapangan"],
                "note": "Mohon dikunjungi minggu ini.",
                "named": [],
            },
            {"urgency": "segera", "secrecy": "biasa"},
        ),
        "assessment": record(
            "Berkas Asesmen / Penelaahan Pengaduan",
            STAFF,
            "2026-11-24T08:40:00+07:00",
            {
                "method": "Kunjungan rumah dan pemeriksaan data",
                "visited": "23 November 2026, rumah Ibu Suparmi",
                "desil": "Desil 2",
                "aid": "Belum ada",
                "facts": "Ibu Suparmi tinggal sendiri di rumah sewa.\n"
                "Data DTSEN mencatat alamat lama di kelurahan lain.",
                "analysis": "Bantuan berhenti karena alamat tidak sesuai pada pemutakhiran terakhir.",
                "action": "Pemutakhiran alamat diajukan melalui kelurahan.",
                "conclusion": "Terbukti sebagian",
                "conclusion_text": "Bantuan terhenti karena data alamat, bukan karena penghentian kepesertaan.",
                "advice": "Permakanan sementara diberikan sampai data mutakhir.",
                "answer": "Data Ibu Suparmi telah dimutakhirkan; bantuan diusulkan kembali pada tahap berikutnya.",
            },
            {"conclusion": "sebagian"},
        ),
        "nota_dinas": record(
            "Nota Dinas",
            UNIT_HEAD,
            "2026-11-24T08:50:00+07:00",
            {
                "subject": "Penanganan pengaduan nomor PGD/12/XI/2026",
                "nature": "Segera",
                "enclosures": "1 (satu) berkas asesmen",
                "copies": "Sekretaris Dinas\nLurah Kotalama",
                "matter": STORY,
                "findings": "Alamat pada DTSEN belum sesuai.",
                "conclusion": "Terbukti sebagian. Data alamat perlu dimutakhirkan.",
                "action": "Pemutakhiran alamat diajukan melalui kelurahan.",
                "answer": "Data telah dimutakhirkan; bantuan diusulkan kembali.",
            },
            {},
        ),
        "approval": record(
            "Persetujuan Nota Dinas",
            HEAD,
            "2026-11-24T09:40:00+07:00",
            {"outcome": "Disetujui dengan catatan", "note": "Laporkan hasil pemutakhiran sebelum akhir bulan."},
            {"outcome": "catatan"},
        ),
        "berita_acara": record(
            "Berita Acara Penyelesaian Penanganan Pengaduan",
            OFFICER,
            AT,
            {
                "medium": "Tatap muka",
                "told_at": "24 Nov 2026 pukul 09.45 WIB",
                "place": "ruang pelayanan Dinas Sosial",
                "receiver": "Slamet Riyadi",
                "capacity": "Pengadu",
                "kinship": "",
                "told": "Data Ibu Suparmi telah dimutakhirkan; bantuan diusulkan kembali.",
                "outcome": "Diterima",
                "response": "",
            },
            {"medium": "tatap_muka", "capacity": "pengadu", "outcome": "diterima"},
            {"told_at": "2026-11-24T09:45:00+07:00"},
        ),
    }


def clocks() -> list[dict[str, Any]]:
    runs = [
        (
            1,
            "Pengadu menyampaikan pengaduan, langsung maupun melalui media pengaduan daring",
            "5 menit",
            False,
            [("2026-11-23T09:10:00+07:00", "2026-11-23T09:14:00+07:00", 4)],
        ),
        (
            2,
            "Berkas pengaduan dinaikkan kepada Kepala Dinas untuk mendapat disposisi penanganan",
            "1 jam",
            True,
            [
                ("2026-11-23T09:14:00+07:00", "2026-11-23T10:25:00+07:00", 71),
                ("2026-11-23T11:00:00+07:00", "2026-11-23T11:20:00+07:00", 20),
            ],
        ),
        (
            3,
            "Menindaklanjuti disposisi Kepala Dinas untuk menangani pengaduan",
            "1 hari kerja",
            False,
            [("2026-11-23T11:20:00+07:00", "2026-11-24T08:40:00+07:00", 350)],
        ),
        (
            4,
            "Nota Dinas dinaikkan kepada Kepala Dinas untuk mendapat persetujuan",
            "1 jam",
            False,
            [("2026-11-24T08:40:00+07:00", "2026-11-24T09:40:00+07:00", 60)],
        ),
        (
            5,
            "Petugas menyampaikan hasil penanganan pengaduan kepada pengadu",
            "10 menit",
            False,
            [("2026-11-24T09:45:00+07:00", "2026-11-24T09:50:00+07:00", 5)],
        ),
    ]
    return [
        {
            "no": no,
            "title": title,
            "norm": norm,
            "late": late,
            "minutes": sum(r[2] for r in spans),
            "waiting": 5 if no == 5 else 0,
            "runs": [list(r) for r in spans],
        }
        for no, title, norm, late, spans in runs
    ]


def content(kind: str, **changes: Any) -> dict[str, Any]:
    """The content of one paper; `changes` are merged into it by section."""
    paper, numbers = (
        vocabulary().papers[kind],
        {
            "register": {"text": "PGD/12/XI/2026", "date": "2026-11-23T09:14:00+07:00"},
            "nota_dinas": {"text": "400.9/12/35.73.403/2026", "date": "2026-11-24T08:50:00+07:00"},
            "berita_acara": {"text": "400.9/8/BA/35.73.403/2026", "date": AT},
        },
    )
    numbers.setdefault(paper.series, {"text": "400.9/1/35.73.403/2026", "date": AT})
    defaults = {
        "format": FORMAT,
        "code": CODE,
        "paper": {
            "key": kind,
            "title": paper.title,
            "number": numbers[paper.series]["text"],
            "date": numbers[paper.series]["date"],
            "issued_at": AT,
            "round": 1,
            "revision": 1,
            "draft": False,
        },
        "sop": {
            "number": "01/SKT/2023",
            "revision": "",
            "name": "PELAYANAN PENANGANAN PENGADUAN",
            "row": current_procedure().row_no(current_procedure().issuers[kind].key),
        },
        "office": {
            "government": "PEMERINTAH KOTA MALANG",
            "name": [
                "DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,",
                "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
            ],
            "address": "",
            "phone": "",
            "web": "",
            "city": "MALANG",
            "postcode": "",
            "size": "F4",
            "disposition": "half",
        },
        "demo": False,
        "numbers": numbers,
        "complaint": complaint(),
        "persons": {
            "pengadu": person(),
            "yang_bersangkutan": person(
                kind="Yang bersangkutan (korban/penerima layanan)",
                name="Suparmi",
                nik="",
                phone="",
                email="",
                birth="",
                sex="Perempuan",
                age="72",
                job="",
                relation="ibu",
                group="Lansia",
            ),
        },
        "records": {**of_its_own(kind), **records()},
        "attempts": [
            record(
                "Upaya penyampaian",
                OFFICER,
                AT,
                {
                    "medium": "Telepon",
                    "tried_at": f"2{n} Nov 2026 pukul 09.00 WIB",
                    "outcome": "Tidak tersambung",
                    "note": "",
                },
                {"medium": "telepon", "outcome": "missed"},
                {"tried_at": f"2026-11-2{n}T09:00:00+07:00"},
            )
            for n in range(3)
        ],
        "unit": {"name": UNITS[1], "head": UNIT_HEAD},
        "units": UNITS,
        "posts": POSTS,
        "clocks": clocks(),
        "officer": OFFICER,
        "kepala_dinas": HEAD,
        "deputy": {},
        "signer": signed_by(paper.signer),
        "signers": [{"role": word, "as": SIGNERS[word].label, **signed_by(word)} for word in paper.signers],
    }
    return merged(defaults, changes)


def of_no_case(key: str, title: str, **parts: Any) -> dict[str, Any]:
    """The content of a paper that no case issues."""
    common = ("format", "code", "sop", "office", "demo", "paper")
    frame = {name: value for name, value in content("nota_dinas").items() if name in common}
    return merged(frame, {"paper": {"key": key, "title": title, "number": "400.9/1/R/35.73.403/2026"}, **parts})


def recap(**changes: Any) -> dict[str, Any]:
    """The content of a Rekapitulasi of a small office."""
    counts = ["Masuk", "Persen", "Berakhir", "Masih terbuka", "Pernah lewat SOP", "Lewat batas"]
    still = "Masih terbuka pada 31 Oktober 2026"
    late, beyond = "pernah lewat standar waktu SOP", "lewat batas peraturan"
    figures = [["Masuk", "7", "5", "6"], [f"di antaranya {late}", "1", "0", "2"], [f"di antaranya {beyond}", *"001"]]
    figures += [["Berakhir", "4", "5", "2"], [still, "3", "0", "4"]]
    main = [["1.", "Masuk", "7", "–", "5", "6"], ["2.", "Berakhir", "4", "57,1", "5", "2"]]
    main += [["3.", still, "3", "42,9", "0", "4"], ["", "Jumlah yang ditangani (2 dan 3)", "7", "100,0", "5", "6"]]
    main += [["4.", f"Dari yang masuk: {late}", "1", "14,3", "0", "2"]]
    main += [["5.", f"Dari yang masuk: {beyond}", "0", "0,0", "0", "1"]]
    row = ["1.", "Pengadu menyampaikan pengaduan, langsung maupun melalui media pengaduan daring", "1 hari kerja"]
    signer = {"role": "kepala_dinas", "as": SIGNERS["kepala_dinas"].label, **HEAD}
    facts = {
        "span": "Oktober 2026",
        "provisional": "",
        "definition": "“Masuk” adalah pengaduan yang menjadi urusan dinas ini.",
        "heads": ["Oktober 2026", "September 2026", "Oktober 2025"],
        "main": main,
        "notable": ["Dalam Oktober 2026 masuk 7 pengaduan, naik 2 dari September 2026 (40,0 persen)."],
        "figures_of": figures,
        "apart_of": [["Duplikat", "1", "0", "0"]],
        "rows": [[*row, "7", "1", "14,3", "0:05", "0:20", "0:05", "23:10"]],
        "parts_of": [
            {
                "title": "Unit kerja",
                "heads": counts,
                "rows": [[UNITS[1], "4", "57,1", "2", "2", "1", "0"], ["Lainnya", "3", "42,9", "2", "1", "0", "0"]],
                "total": ["Jumlah", "7", "100,0", "4", "3", "1", "0"],
            }
        ],
        "history": {"count": 1234, "head": "08d26644c19aa9611a9d325f6142d54c"},
        "follows": {},
        "signer": HEAD,
        "signers": [signer],
    }
    return merged(of_no_case("rekapitulasi", "Rekapitulasi Penanganan Pengaduan", **facts), changes)


def signed_by(word: str) -> dict[str, str]:
    """Who signs as that."""
    visitor = {"name": "Slamet Riyadi", "nip": "", "pangkat": "", "title": ""}
    known = {"kepala_dinas": HEAD, "unit_head": UNIT_HEAD, "maker": STAFF, "pengadu": visitor, "receiver": visitor}
    return known.get(word, OFFICER)


def of_its_own(kind: str) -> dict[str, Any]:
    """The record behind a paper that is not written out above: each blank with its own name in it."""
    model = RECORDS.get(current_procedure().issuers[kind].record)
    blanks = {f.name: f"Contoh {f.name}" for f in model.blanks()} if model else {}
    return {model.key: record(model.title, OFFICER, AT, blanks, {})} if model else {}


def complaint() -> dict[str, Any]:
    return {
        "number": "PGD/12/XI/2026",
        "title": "Bantuan PKH lansia terhenti",
        "story": STORY,
        "asks": "Bantuan PKH lansia diteruskan.",
        "category": "Bantuan sosial tidak diterima",
        "law_class": "Tidak berkadar pengawasan",
        "secrecy": "Biasa",
        "is_secret": False,
        "urgency": "Segera",
        "emergency": False,
        "medium": "Datang langsung",
        "medium_group": "Langsung",
        "medium_ref": "",
        "medium_ref_label": "Nomor antrean",
        "received_at": "2026-11-23T09:10:00+07:00",
        "recorded_at": "2026-11-23T09:14:00+07:00",
        "backlog": False,
        "anonymous": False,
        "event_date": "sejak Januari 2026",
        "event_place": "Kotalama",
        "kelurahan": "Kotalama",
        "kecamatan": "Kedungkandang",
        "accused": "",
        "loss": "",
        "evidence": "Kartu PKH, foto rumah",
        "answer_due": "2026-12-11T16:00:00+07:00",
        "legal_due": "2026-12-11T16:00:00+07:00",
        "deadline": {"ends": "Selesai paling lambat", "due": "2026-12-11T16:00:00+07:00", "clock": "batas peraturan"},
        "registrar": OFFICER,
        "round": 1,
        "missing": [],
    }


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A deep copy of `base` with `changes` laid over it, section by section."""
    found = copy.deepcopy(base)
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = merged(found[name], value) if both else value
    return found
