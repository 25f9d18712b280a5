"""LISENSI-PIHAK-KETIGA.txt: each package with its licence, from the packages' metadata.

Parts under the LGPL or GPL come first with the obligations: packages, and libraries bundled in a wheel according to its
list of bundled licences.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

COPYLEFT = re.compile(r"\bL?GPL|GNU (?:Library|Lesser|General)", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|Library|Lesser", re.IGNORECASE)
ANY_TEXT = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
BUNDLED = re.compile(r"^Name: (.+)\nLicense: (.+)\nFiles: (.+)\n(?: .*\n)*?(?:  Source code: (\S+)|$)", re.MULTILINE)
ELSEWHERE = re.compile(r"\.dll$|windows", re.IGNORECASE)
LONGEST = 60  # characters of a licence's name; a longer value is the licence's text
BY_TEXT = {
    # beginning of a licence's text -> its name, for packages that do not name it
    "Permission is hereby granted, free of charge": "MIT",
    "Redistribution and use in source and binary forms": "BSD",
    "This software is provided 'as-is'": "zlib",
}
UNNAMED = "tidak disebut namanya; teksnya pada berkas di bawah"
HEAD = """\
LISENSI PIHAK KETIGA

Panel Pengaduan sendiri berlisensi MIT (berkas LICENSE). Ia memakai paket-paket di bawah ini, masing-masing dengan
lisensinya sendiri. Daftar ini disusun dari keterangan yang dibawa paket itu sendiri. Teks lengkap setiap lisensi ada di
dalam paketnya: pada wheels/ sebelum dipasang, pada .venv/lib/python*/site-packages sesudahnya.

"""
LESSER_HEAD = """\
== BAGIAN BERLISENSI LGPL ==

LGPL memperbolehkan siapa pun memakai, menyalin, dan meneruskan bagian ini, juga bersama program berlisensi lain, dengan
syarat: penerima diberi tahu bahwa bagian itu berlisensi LGPL dan mendapat teks lisensinya, dapat memperoleh kode sumber
bagian itu, dan dapat menggantinya dengan versi yang diubahnya sendiri. Di sini syarat itu terpenuhi begini: bagian itu
dipakai apa adanya sebagai paket atau pustaka terpisah yang dimuat saat berjalan, dan dapat diganti dengan memasang
versi lain ke dalam .venv. Kode sumbernya ada pada alamat di sampingnya. Panel sendiri tidak menjadi LGPL karenanya.

"""
FULL_HEAD = """
== BAGIAN BERLISENSI GPL ==

GPL memperbolehkan memakai bagian ini di kantor tanpa syarat. Siapa yang meneruskan arsip ini kepada pihak lain
meneruskan juga bagian GPL di dalam paket yang memuatnya: teks lisensi tetap disertakan, dan penerima berhak atas kode
sumber paket itu beserta pustakanya, pada alamat di sampingnya. Yang tidak menghendakinya dapat mengganti paket itu
dengan yang dibuat sendiri tanpa bagian GPL.

"""
NONE = "Tidak ada.\n"
ALL_HEAD = "\n== SEMUA PAKET ==\n\n"


@dataclass(frozen=True)
class Part:
    """A part under the LGPL or GPL: a package, or a library bundled in one."""

    where: str
    licence: str
    source: str

    def __str__(self) -> str:
        return f"- {self.where}\n  Lisensi: {self.licence}\n  Kode sumber: {self.source}\n"


def text(packages: Sequence[Distribution]) -> str:
    """The whole page."""
    parts = [part for package in packages for part in copyleft_parts(package)]
    lesser = "".join(str(part) for part in parts if LESSER.search(part.licence))
    full = "".join(str(part) for part in parts if not LESSER.search(part.licence))
    entries = [_entry(package) for package in packages]
    return "".join([HEAD, LESSER_HEAD, lesser or NONE, FULL_HEAD, full or NONE, ALL_HEAD, *entries])


def copyleft_parts(package: Distribution) -> Iterator[Part]:
    """The package itself, and the libraries that it bundles for this platform, if under the LGPL or GPL."""
    named, source = licence_of(package), _source_of(package)
    if COPYLEFT.search(named):
        yield Part(f"{package.name} {package.version}", named, source)
    for path in _texts_of(package):
        for name, licence, files, own in BUNDLED.findall(_read(package, path)):
            if COPYLEFT.search(licence) and not ELSEWHERE.search(f"{name} {files}"):
                yield Part(f"{name}, pustaka di dalam {package.name} {package.version}", licence, own or source)


def licence_of(package: Distribution) -> str:
    """The licence's name from the metadata, else from its text."""
    metadata = package.metadata
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License")]
    classes = [line.split("::")[-1].strip() for line in classifiers]
    old = (metadata.get("License") or "").strip()
    short = old if 0 < len(old) <= LONGEST and not old.startswith("Copyright") else ""
    named = metadata.get("License-Expression") or ", ".join(c for c in classes if c != "OSI Approved") or short
    return named or _by_text(package)


def _by_text(package: Distribution) -> str:
    whole = " ".join(word for path in _texts_of(package) for word in _read(package, path).split())
    return next((name for begin, name in BY_TEXT.items() if begin in whole), UNNAMED)


def _texts_of(package: Distribution) -> list[str]:
    own = [str(path) for path in package.files or () if ".dist-info/" in str(path)]
    return sorted(path for path in own if ANY_TEXT.search(path.split(".dist-info/", 1)[1]))


def _read(package: Distribution, path: str) -> str:
    return Path(str(package.locate_file(path))).read_text(encoding="utf-8", errors="replace")


def _source_of(package: Distribution) -> str:
    """The URL of the source code from the metadata, and that of the release on PyPI."""
    pages = dict(line.split(", ", 1) for line in package.metadata.get_all("Project-URL") or () if ", " in line)
    own = {name.lower(): address for name, address in pages.items()}
    wanted = ("source", "source code", "repository", "code", "github", "homepage")
    home = next((own[name] for name in wanted if name in own), package.metadata.get("Home-page") or "")
    release = f"https://pypi.org/project/{package.name}/{package.version}/"
    return f"{home} , {release}" if home else release


def _entry(package: Distribution) -> str:
    files = "".join(f"\n    {path}" for path in _texts_of(package))
    bundled = sorted({str(path).split("/")[-1] for path in package.files or () if ".libs/" in str(path)})
    brought = f"\n  membawa pustaka: {', '.join(bundled)}" if bundled else ""
    head = f"{package.name} {package.version}: {licence_of(package)}{brought}"
    return f"{head}\n  teks lisensi:{files or ' tidak dibawa'}\n\n"
