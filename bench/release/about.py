"""RILIS.txt: version, commit and Python of the release, its contents, and how to verify it."""

from bench.release.archive import MANIFEST, Head
from bench.release.signing import Signer
from bench.release.wheels import KIND, LOCK, Packages

TEXT = """\
PANEL PENGADUAN {version}

Dibuat dari commit {commit} tanggal {day}.
Paket pada wheels/ untuk: {kind}. Pada server dengan Python lain, paketnya diambil dari PyPI.
Tanda tangan: {signature}

Memasang: deploy/install NAMA (nama panel di jaringan kantor), sebagai root. Panduannya docs/panduan/pasang.md.
Memperbarui: make upgrade, di /opt/panel/releases/{version}.

Isinya di samping kode:
- wheels/ dan {lock}: semua paket Python beserta jumlah periksanya; {about}: untuk Python mana
- sbom.json: daftar komponen, bentuk CycloneDX
- LISENSI-PIHAK-KETIGA.txt: lisensi setiap paket; bagian LGPL dan GPL disebut lebih dahulu
- JANJI-TERUJI.txt: janji mana yang ujiannya tercatat untuk versi ini, dan mana yang tidak
- {manifest}: semua berkas arsip ini; `sha256sum --check --quiet {manifest}` memeriksanya
"""


def text(head: Head, packages: Packages, signer: Signer) -> str:
    return TEXT.format(
        version=head.version,
        commit=head.commit,
        day=head.day,
        kind=packages.kind,
        signature=signer.office_text,
        lock=LOCK,
        about=KIND,
        manifest=MANIFEST,
    )
