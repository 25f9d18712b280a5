"""Slips of one who types the table: what stands there, what is typed instead, and the sentence that stops the start."""

from dataclasses import dataclass

TABLE = "sop/procedure.py"
KNOWN = {
    "within": "“any”, “handler”, “head”, “submitter”, “emergency”",
    "finals": "“closed”, “forwarded”, “duplicated”, “withdrawn”, “voided”",
    "main": "“raise”, “dispose”, “handle”, “submit”, “approve”, “deliver”, “resume”",
}
STATES = f"{KNOWN['main']}, {KNOWN['finals']}"


@dataclass(frozen=True)
class Typo:
    """`right` stands once in the file (or first there) and becomes `typed`; the sentence begins with `sentence`."""

    right: str
    typed: str
    sentence: str
    file: str = TABLE


TYPOS = {
    "effect": Typo(
        'effect="end_leg"',
        'effect="end_legs"',
        "Tabel SOP, alur pengecualian, langkah “refuse”, kolom effect: “end_legs” tidak dikenal. "
        "Yang ada: “new_leg”, “end_leg”, “new_revision”, “new_round”, “recount”, “hold”, “recall”, “void”.",
    ),
    "effect of the hold": Typo(
        'effect="hold"',
        'effect="hol"',
        "Tabel SOP, alur pengecualian, langkah “hold”, kolom effect: “hol” tidak dikenal.",
    ),
    "record": Typo(
        'record="assessment",\n                needs',
        'record="assesment",\n                needs',
        "Tabel SOP, baris 3, langkah “handle”, kolom record: “assesment” tidak dikenal. Yang ada: ",
    ),
    "record of a detour": Typo(
        'record="remark"',
        'record="remarks"',
        "Tabel SOP, alur pengecualian, langkah “resume”, kolom record: “remarks” tidak dikenal. Yang ada: ",
    ),
    "within": Typo(
        'within="handler"',
        'within="handlers"',
        f"Tabel SOP, baris 3, langkah “handle”, kolom within: “handlers” tidak dikenal. Yang ada: {KNOWN['within']}.",
    ),
    "actor": Typo(
        "actor=KEPALA_DINAS",
        'actor="kadis"',
        "Tabel SOP, baris 2, langkah “dispose”, kolom actor: “kadis” tidak dikenal. "
        "Yang ada: “petugas”, “kepala_dinas”, “bidang”.",
    ),
    "called_by": Typo(
        'called_by="emergency"',
        'called_by="emergensi"',
        "Tabel SOP, alur pengecualian, langkah “alert”, kolom called_by: “emergensi” tidak dikenal. "
        "Yang ada: “emergency”.",
    ),
    "settled_by": Typo(
        'settled_by=("assist", "handle")',
        'settled_by=("asist", "handle")',
        "Tabel SOP, alur pengecualian, langkah “alert”, kolom settled_by: “asist” tidak dikenal. Yang ada: ",
    ),
    "start": Typo(
        'start=("approve",)',
        'start=("aprove",)',
        "Tabel SOP, alur pengecualian, langkah “send_back”, kolom start: “aprove” tidak dikenal. "
        f"Yang ada: “open”, “running”, {STATES}.",
    ),
    "start, up to a step": Typo(
        'start=(UNTIL + "approve",)',
        'start=(UNTIL + "aprove",)',
        "Tabel SOP, alur pengecualian, langkah “alert”, kolom start: “until aprove” tidak dikenal. "
        "Yang ada: “until raise”, “until dispose”, “until handle”, “until submit”, “until approve”, “until deliver”.",
    ),
    "to": Typo(
        'to="handle"',
        'to="handel"',
        "Tabel SOP, alur pengecualian, langkah “send_back”, kolom to: “handel” tidak dikenal. "
        f"Yang ada: “same”, “back”, {STATES}.",
    ),
    "to what was settled outside": Typo(
        'to="withdrawn"',
        'to="settled_outside"',
        "Tabel SOP, alur pengecualian, langkah “withdraw”, kolom to: “settled_outside” tidak dikenal. "
        f"Yang ada: “same”, “back”, {STATES}.",
    ),
    "start in what was settled outside": Typo(
        '"duplicated", "withdrawn")',
        '"duplicated", "settled_outside")',
        "Tabel SOP, alur pengecualian, langkah “reopen”, kolom start: “settled_outside” tidak dikenal. ",
    ),
    "line that ends outside": Typo(
        'label="Selesai", tone="good"',
        'label="Selesai", outside=True',
        "Tabel SOP, status akhir pertama, kolom outside: alur utama tidak dapat berakhir di luar panel.",
    ),
    "label of an end": Typo(
        'label="Diteruskan")',
        'label="")',
        "Tabel SOP, status akhir “forwarded”, kolom label: nama statusnya belum diisi.",
    ),
    "tone of an end": Typo(
        'tone="good")',
        'tone="goood")',
        "Tabel SOP, status akhir “closed”, kolom tone: “goood” tidak dikenal. "
        "Yang ada: “neutral”, “good”, “info”, “warn”, “bad”.",
    ),
    "to of the hold": Typo(
        'to="resume"',
        'to="resumes"',
        "Tabel SOP, alur pengecualian, langkah “hold”, kolom to: “resumes” tidak dikenal.",
    ),
    "series that is taken": Typo(
        'series="nota_dinas",\n                draft',
        'series="nota_dians",\n                draft',
        "Tabel SOP, baris 4, langkah “submit”, kolom series: “nota_dians” tidak dikenal. "
        "Yang ada: “register”, “nota_dinas”, “berita_acara”.",
    ),
    "series that a paper carries": Typo(
        'key="nota_dinas",\n                        title="Nota Dinas",\n                        series="nota_dinas"',
        'key="nota_dinas",\n                        title="Nota Dinas",\n                        series="notadinas"',
        "Tabel SOP, baris 4, langkah “approve”, kolom papers, series: “notadinas” tidak dikenal. "
        "Yang ada: “register”, “nota_dinas”, “berita_acara”.",
    ),
    "signer": Typo(
        "signers=(UNIT_HEAD, KEPALA_DINAS)",
        'signers=("kepala_unit", KEPALA_DINAS)',
        "Tabel SOP, baris 4, langkah “approve”, kolom papers, signers: “kepala_unit” tidak dikenal. "
        "Yang ada: “petugas”, “kepala_dinas”, “unit_head”, “maker”, “pengadu”, “receiver”.",
    ),
    "needs": Typo(
        'Need(record="approval"',
        'Need(record="aproval"',
        "Tabel SOP, baris 5, langkah “deliver”, kolom needs: “aproval” tidak dikenal. Yang ada: ",
    ),
    "counts_from": Typo(
        'counts_from="attempt"',
        'counts_from="attempts"',
        "Tabel SOP, baris 5, kolom counts_from: “attempts” tidak dikenal. Yang ada: “form”, “row”, “attempt”.",
    ),
    "counts_from of a row that reaches no pengadu": Typo(
        'waktu="1 hari",',
        'waktu="1 hari",\n        counts_from="attempt",',
        "Tabel SOP, baris 3, kolom counts_from: “attempt” memerlukan langkah yang catatannya memulai jam. Yang ada: ",
    ),
    "waktu": Typo(
        'waktu="1 Jam"',
        'waktu="1 Jm"',
        "Tabel SOP, baris 2, kolom waktu: “1 Jm” tidak terbaca. Yang terbaca: angka (0–9) dan menit, jam, atau hari.",
    ),
    "paper without a template": Typo(
        'PaperKind(key="lembar_disposisi"',
        'PaperKind(key="lembar_disposisii"',
        "Tabel SOP, baris 2, langkah “dispose”, kolom papers: “lembar_disposisii” tidak dikenal. Yang ada: ",
    ),
    "template that names no record": Typo(
        "records.assessment.blanks",
        "records.asesmen.blanks",
        "Tabel SOP, baris 3, langkah “handle”, templates/papers/berkas_asesmen.html, kolom records: “asesmen” "
        "tidak dikenal. Yang ada: ",
        file="templates/papers/berkas_asesmen.html",
    ),
    "gives": Typo(
        'gives="assigned"',
        'gives="asigned"',
        "Tabel SOP, alur pengecualian, langkah “assign”, kolom gives: “asigned” tidak dikenal. "
        "Yang ada: “assigned”, “kept”.",
    ),
    "key twice": Typo(
        'key="dispose"', 'key="raise"', "Tabel SOP, baris 2, langkah “raise”, kolom key: “raise” sudah dipakai"
    ),
    "the blank that buttons fill in": Typo(
        'verdict = "outcome"',
        'verdict = "outcom"',
        "Tabel SOP, catatan Approval, kolom verdict: “outcom” tidak dikenal. Yang ada: “outcome”.",
        file="models/records/main_line.py",
    ),
    "a choice that a button fills in": Typo(
        '("catatan", "dengan catatan")',
        '("catatn", "dengan catatan")',
        "Tabel SOP, catatan Approval, kolom verdicts: “catatn” tidak dikenal. Yang ada: “setuju”, “catatan”.",
        file="models/records/main_line.py",
    ),
    "a record's own column": Typo(
        'carries = ("unit", "urgency", "secrecy")',
        'carries = ("unit", "urgenci", "secrecy")',
        "Tabel SOP, catatan Disposition, kolom carries: “urgenci” tidak dikenal. Yang ada: ",
        file="models/records/main_line.py",
    ),
}
