"""Generates docs/access.md, the access tables as a page that the office approves."""

from collections.abc import Iterable
from pathlib import Path

from sop.access import (
    CALLERS,
    CONTACT,
    DRAFTERS,
    FINDERS,
    FOUND_BY,
    IDENTITY_READERS,
    PAGES,
    READERS,
    RELATIONS,
    ROLES,
    SECRECY,
    WITNESSES,
    performers,
)
from sop.procedure import LAST, TURN, Transition

PAGE = Path(__file__).resolve().parent.parent / "docs" / "access.md"
YES, NO = "ya", "–"
HEAD = """# Siapa boleh apa

Ditulis dari tabel hak akses panel (`sop/access.py`) dengan `make docs`; jangan diubah dengan tangan.
Yang tidak tertulis di sini tertutup. Pengaduan yang tidak boleh dibaca dijawab “tidak ditemukan”, tidak ikut dihitung,
dan tidak muncul pada pencarian, saringan, ekspor, riwayat, ataupun dokumen."""
READING = """## Siapa membaca pengaduan

Kedudukan dinilai untuk tiap pengaduan pada saat dibuka, menurut disposisi yang berlaku. Siapa memenuhi satu baris
saja boleh membaca. Setiap pembukaan pengaduan tercatat; daftar dan pencarian tercatat bila memuat pengaduan
rahasia, dan selalu bila pembacanya pengawas. Riwayat dan ekspor selalu tercatat. Yang tidak dapat dicatat tidak
ditampilkan."""
CALLING = """## Siapa melihat kontak

{who}

Yaitu di halaman langkah yang memerlukannya ({steps}), selama langkah itu dapat dilakukan; tercatat bersama
langkah itu. Dokumen yang memuat identitas hanya dibuka oleh {readers}.

Di halaman pengaduan nomor dan cara menghubungi yang aman dibuka dengan Tampilkan oleh:

{callers}

Setiap pembukaan memilih alasan, tercatat bersama alasannya, dan tertutup sendiri. Di tempat lain kontak tersamar."""
FINDING = """## Siapa menemukan lewat nomor

Nomor telepon atau NIK yang diketik utuh, dalam bentuk apa pun, menemukan pengaduan hanya di antara yang boleh dibaca
dan hanya bagi yang boleh membuka nomor itu di sana. Setiap pencarian nomor tercatat, juga bila tidak ada yang
ditemukan, dan banyaknya dibatasi."""
WITNESSING = """## Siapa melihat siapa yang membuka

{who}

Yaitu di halaman pengaduan: siapa membukanya, kapan, dan apa yang ditampilkan, dicari, atau diekspor. Pengawas juga
melihat seluruh akses seseorang atau satu unit kerja, selama Surat Tugasnya berlaku; setiap orang melihat aksesnya
sendiri. Yang melihat akses orang lain tercatat pula."""
WRITING = """## Siapa membaca konsep

{who}

Yaitu asesmen dan Nota Dinas yang sedang ditulis. Setelah dinaikkan, naskahnya dibaca oleh semua yang boleh membaca
pengaduannya."""
ACTING = """## Siapa melakukan langkah

Hanya pada pengaduan yang boleh dibaca, pada statusnya, dan bila kelengkapannya ada."""
OPENING = """## Siapa membuka halaman

“tulis” berarti mengubah melalui formulir; langkah pada pengaduan mengikuti tabel di atas. Pengelola Sistem tidak
membuka satu pun halaman berisi pengaduan dan tidak dapat memberi peran lain kepada akunnya sendiri. Akun
Pengelola Sistem tidak pernah menjadi akun berperan lain, ataupun sebaliknya. Pada halaman akun setiap orang hanya
mengganti kata sandinya sendiri."""


def page(steps: Iterable[Transition]) -> str:
    """The whole page in Markdown, with these steps."""
    steps = list(steps)
    parts = [
        HEAD,
        READING,
        reading(),
        CALLING.format(
            steps=", ".join(t.label for t in steps if t.contact or t.amends),
            who=_bullet_list(CONTACT),
            readers=_names(IDENTITY_READERS),
            callers=_bullet_list(CALLERS),
        ),
        FINDING,
        _table(
            ("Yang dicari", "Ditemukan oleh"),
            [(_capital(FOUND_BY[kind]), _names(readers)) for kind, readers in FINDERS.items()],
        ),
        WITNESSING.format(who=_bullet_list(WITNESSES)),
        WRITING.format(who=_bullet_list(DRAFTERS)),
        ACTING,
        _table(("Langkah", "Dilakukan oleh"), [(t.label, _actors(t)) for t in steps]),
        OPENING,
        opening(),
    ]
    return "\n\n".join(parts) + "\n"


def reading() -> str:
    rows = [
        (_capital(name), *(YES if key in READERS[secrecy] else NO for secrecy in SECRECY))
        for key, name in RELATIONS.items()
        if any(key in READERS[secrecy] for secrecy in SECRECY)
    ]
    return _table(("Kedudukan terhadap pengaduan", *SECRECY.values()), rows)


def opening() -> str:
    rows = [
        (noun, *("tulis" if role in writers else "baca" if role in readers else NO for role in ROLES))
        for noun, (readers, writers) in PAGES.items()
    ]
    return _table(("Halaman", *ROLES.values()), rows)


def _actors(step: Transition) -> str:
    if step.actor == TURN:
        return "yang mendapat giliran"
    excluded = "; bukan penyusun naskahnya, bukan unit kerjanya sendiri" if step.independent else ""
    condition = ", selama pelaksana berikutnya belum membukanya" if step.actor == LAST else ""
    return _names(performers(step)) + excluded + condition


def _bullet_list(relations: Iterable[str]) -> str:
    return "\n".join(
        f"- {_capital(name).removesuffix('.')}." for key, name in RELATIONS.items() if key in set(relations)
    )


def _names(relations: Iterable[str]) -> str:
    keys = set(relations)
    return "; ".join(name for key, name in RELATIONS.items() if key in keys)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
