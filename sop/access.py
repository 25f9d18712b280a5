"""Who may do and see what, as tables: standings towards a case × operations. Everything that decides reads them."""

from sop.procedure import BIDANG, KEPALA_DINAS, LANES, LAST, PETUGAS, TURN, Transition

ABOUT = {
    "beranda": "Yang menunggu Anda, yang darurat dan lewat waktu lebih dahulu.",
    "akun": "Kata sandi Anda, nama Anda pada dokumen, terang atau gelap, dan apa yang dapat Anda lakukan hari ini.",
    "meja": "Pengaduan yang menunggu disposisi dan Nota Dinas yang menunggu persetujuan Kepala Dinas.",
    "pengaduan": "Semua pengaduan yang boleh Anda baca.",
    "cari": "Mencari nomor, nama, tempat, dan kata di semua pengaduan yang boleh Anda baca.",
    "disposisi": "Perintah Kepala Dinas: unit mana yang menangani, seberapa segera, dan apa yang diharapkan.",
    "asesmen": "Fakta, tindakan, kesimpulan, dan usul jawaban dari unit kerja yang menangani.",
    "nota-dinas": "Nota Dinas unit kerja beserta revisinya, yang menunggu persetujuan maupun yang sudah disetujui.",
    "berita-acara": "Catatan penyampaian hasil kepada pengadu dan tanggapannya.",
    "janji": "Yang dijanjikan pada suatu tanggal, yang menunggu maupun yang sudah ada hasilnya.",
    "dokumen": "Dokumen resmi yang sudah terbit; isinya tidak berubah lagi dan selalu dapat dicetak ulang sama persis.",
    "formulir-kosong": "Form Pengaduan kosong untuk diisi dengan tangan di loket.",
    "buku-register": "Buku Register Pengaduan untuk satu rentang tanggal, sebagai PDF untuk dicetak.",
    "impor": "Memasukkan pengaduan yang selama ini tersimpan di tempat lain, dari berkas unduhannya.",
    "rekapitulasi": "Yang masuk, berakhir, masih terbuka, dan lewat batas dalam satu rentang tanggal.",
    "rekapitulasi-resmi": "Rekapitulasi bernomor atas semua pengaduan, untuk ditandatangani Kepala Dinas.",
    "uji-kepatuhan": "Pengaduan yang diambil acak, diuji baris demi baris terhadap SOP.",
    "pimpinan": "Satu bulan dalam gambar dan angka: yang masuk dan selesai, yang tepat waktu, dan yang tersendat.",
    "serah-terima": "Apa yang ada pada siapa; diserahkan kepada orang lain bila ia pindah, sakit, atau keluar.",
    "nomor": "Seri nomor tiap tahun, dan rentang nomor yang dilewati karena terpakai atau rusak di buku kantor.",
    "tanda-dokumen": "Mencatat dokumen yang sudah ditandatangani di atas kertas dan di mana kertasnya disimpan.",
    "cetak-ulang": "Mencetak ulang dokumen yang gagal dicetak.",
    "riwayat": "Siapa melakukan apa dan kapan; catatan ini hanya bertambah, tidak dapat diubah atau dihapus.",
    "periksa-riwayat": "Memeriksa bahwa tidak ada catatan riwayat yang diubah atau hilang.",
    "akses": "Siapa membuka pengaduan apa, kapan, dan mengapa; juga yang hanya tampil pada daftar atau ekspor.",
    "sop": "SOP yang berlaku, sama dengan yang dijalankan aplikasi ini.",
    "pengguna": "Siapa yang dapat masuk dan perannya; yang tidak bertugas lagi dinonaktifkan, bukan dihapus.",
    "unit": "Unit kerja yang dapat menerima disposisi.",
    "jabatan": "Pejabat menurut tanggal; dokumen memakai pejabat pada hari terbitnya.",
    "plt": "Pelaksana tugas dan pelaksana harian menurut surat perintah; haknya mulai dan berakhir sendiri.",
    "surat-tugas": "Surat Tugas yang membuka isi pengaduan bagi pengawas selama berlaku.",
    "tim-tetap": "Orang yang selalu ikut membaca pengaduan rahasia pada kategori tertentu.",
    "media": "Media yang dapat dipakai untuk menyampaikan pengaduan.",
    "kategori": "Jenis pengaduan dengan usulan unit kerja, sifat, dan kerahasiaannya.",
    "kelurahan": "Kelurahan untuk tempat kejadian dan alamat.",
    "hari-libur": "Hari libur nasional dan cuti bersama; pada hari itu jam SOP dan batas peraturan tidak berjalan.",
    "jam-kerja": "Jam kerja menurut tanggal berlakunya; di luar jam itu jam SOP berhenti.",
    "alasan": "Alasan yang dapat dipilih pada langkah seperti Tunda atau Kembalikan.",
    "cadangan": "Cadangan yang pernah dibuat dan hasil ujinya, serta kunci untuk memulihkannya di server lain.",
    "pemeriksaan": "Apa yang menjaga panel dan datanya, bagaimana keadaannya, dan apa yang perlu dilakukan.",
    "surel": "Surel yang menunggu dikirim, gagal, atau tidak diketahui sampai tidaknya; isinya tidak ditampilkan.",
    "pengaturan": "Isian kantor yang tercetak pada dokumen, dan aturan yang dapat disesuaikan.",
}


PENGAWAS, ADMIN = "pengawas", "admin"
ROLES = {**LANES, PENGAWAS: "Pengawas (Inspektorat)", ADMIN: "Pengelola Sistem"}

SECRECY = {"biasa": "Biasa", "terbatas": "Terbatas", "rahasia": "Rahasia"}
URGENCY = {"biasa": "Biasa", "segera": "Segera", "sangat_segera": "Sangat segera"}

# Standings towards one case. A lane's name is the standing of everyone in that lane; the finer ones depend on the case.
REGISTRAR = "registrar"  # who received it or was handed it since, and the standing "petugas pengaduan rahasia"
HEAD, HANDLER, UNIT, SUBMITTER = "head", "handler", "unit", "submitter"  # in the unit that leads by the disposition
ADDRESSED, NAMED, TEAM = "addressed", "named", "team"  # in another addressed unit; named at dispose; the standing team
EMERGENCY = "emergency"  # in the category's emergency unit: before the disposition, then until it has acted
MADE_LAST = "made_last"  # made the last step
STANDINGS = {
    PETUGAS: "petugas",
    REGISTRAR: "petugas yang mencatat atau yang menerima serah terimanya, atau petugas pengaduan rahasia",
    KEPALA_DINAS: "Kepala Dinas, termasuk Plt./Plh.",
    HEAD: "kepala unit kerja yang menangani, termasuk Plt./Plh.",
    HANDLER: "pelaksana: staf yang ditugaskan dan kepala unit, atau seluruh unit",
    SUBMITTER: "kepala unit kerja; menurut pengaturan juga pelaksana",
    UNIT: "unit kerja yang menangani",
    ADDRESSED: "unit kerja lain yang dituju",
    NAMED: "orang yang ditunjuk atau ditugaskan pada disposisi yang berlaku",
    TEAM: "tim tetap kategori",
    EMERGENCY: "unit darurat kategori, sebelum disposisi dan sesudahnya sampai tindakannya tercatat",
    MADE_LAST: "pelaksana langkah terakhir",
    PENGAWAS: "pengawas dengan Surat Tugas yang berlaku",
}

_PLAIN = frozenset({PETUGAS, REGISTRAR, KEPALA_DINAS, HEAD, UNIT, ADDRESSED, NAMED, EMERGENCY, PENGAWAS})
READERS = {
    "biasa": _PLAIN,
    "terbatas": _PLAIN,
    "rahasia": frozenset({REGISTRAR, KEPALA_DINAS, HEAD, NAMED, TEAM, EMERGENCY, PENGAWAS}),
}
OF_A_LANE = frozenset(LANES) & frozenset(STANDINGS)  # what everyone in a lane is towards every case
DRAFTERS = frozenset({HANDLER, SUBMITTER})  # read what is being written; it is the unit's own paper until submitted
LOGGED = frozenset({"rahasia"})  # secrecy that is noted where a list tells of it; a case's own page always is

IDENTITY_READERS = frozenset({PETUGAS, HANDLER})  # may open papers that hold identity
CONTACT = IDENTITY_READERS | {EMERGENCY}  # may see contact data on the open page of a step that calls somebody
CALLERS = IDENTITY_READERS | {KEPALA_DINAS}  # may open a number on the case's own page, each time for a reason
WATCHERS = frozenset({KEPALA_DINAS, PENGAWAS})  # are told of every use of a power that nobody would notice
WITNESSES = frozenset({KEPALA_DINAS, HEAD, PENGAWAS})  # see on a case's own page who has looked at it
FINDERS = {"phone": CALLERS, "nik": IDENTITY_READERS}  # find a case by a whole number: who could read it there anyway
FOUND_BY = {"phone": "nomor telepon", "nik": "NIK"}

OF_A_POST = frozenset({KEPALA_DINAS, HEAD, SUBMITTER})  # what is done by these alone is decided by whoever holds a post

WITHIN = {  # which standings the table's columns actor and within ask for
    (PETUGAS, "any"): {PETUGAS},
    (PETUGAS, "addressed"): {PETUGAS, UNIT, ADDRESSED},
    (PETUGAS, "entrusting"): {PETUGAS, KEPALA_DINAS},
    (KEPALA_DINAS, "any"): {KEPALA_DINAS},
    (BIDANG, "any"): {UNIT},
    (BIDANG, "handler"): {HANDLER},
    (BIDANG, "head"): {HEAD},
    (BIDANG, "submitter"): {SUBMITTER},
    (BIDANG, "emergency"): {EMERGENCY},
    (LAST, "any"): {MADE_LAST},
}

# Pages of the panel by noun: who reads, who writes (through a form; transitions go by `performers`).
CONTENT = frozenset({*LANES, PENGAWAS})
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
PUBLIC = "umum"  # what needs no sign-in: the sign-in itself, the look, the sign of life
PAGES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "beranda": (frozenset(ROLES), frozenset()),
    "akun": (frozenset(ROLES), frozenset()),  # but for the own password
    "meja": (frozenset({KEPALA_DINAS}), frozenset()),
    **{
        n: (CONTENT, frozenset())
        for n in ("pengaduan", "cari", "disposisi", "asesmen", "nota-dinas", "berita-acara", "janji", "dokumen")
    },
    "rekapitulasi": (CONTENT, frozenset()),  # counts what each may open
    "rekapitulasi-resmi": (frozenset({KEPALA_DINAS}), frozenset()),  # counts all, and is signed
    "pimpinan": (frozenset({KEPALA_DINAS, PENGAWAS}), frozenset()),
    "formulir-kosong": (frozenset({PETUGAS}), frozenset()),
    "buku-register": (frozenset({PETUGAS, KEPALA_DINAS, PENGAWAS}), frozenset()),
    "impor": (frozenset({PETUGAS}), frozenset()),
    "uji-kepatuhan": (frozenset({KEPALA_DINAS, PENGAWAS}), frozenset()),
    "serah-terima": (frozenset({PETUGAS, KEPALA_DINAS, BIDANG, ADMIN}), frozenset()),
    "nomor": (frozenset({PETUGAS, KEPALA_DINAS, PENGAWAS, ADMIN}), frozenset({PETUGAS, ADMIN})),
    "tanda-dokumen": (frozenset({PETUGAS}), frozenset()),
    "cetak-ulang": (frozenset({*LANES, ADMIN}), frozenset({ADMIN})),  # what one issued; all, without reading any of it
    "riwayat": (CONTENT, frozenset()),
    "periksa-riwayat": (frozenset({KEPALA_DINAS, PENGAWAS, ADMIN}), frozenset()),
    "akses": (frozenset({PENGAWAS}), frozenset()),
    "sop": (frozenset(ROLES), frozenset()),
    "pengguna": (frozenset({ADMIN, PENGAWAS}), frozenset({ADMIN})),
    "cadangan": (frozenset({ADMIN}), frozenset()),  # but for the sheet, which asks for the own password
    "pemeriksaan": (frozenset({ADMIN}), frozenset()),  # of the panel itself: nothing of any case
    "surel": (frozenset({ADMIN}), frozenset()),  # how they stand, of no case and without a word of what they say
    **{n: (frozenset({ADMIN, PENGAWAS}), frozenset({ADMIN})) for n in _MASTERS},
}


def performers(transition: Transition, awaited: Transition | None = None) -> frozenset[str]:
    """The standings that may perform a transition; for "whose turn it is" those of the awaited one."""
    if transition.actor == TURN:
        return performers(awaited) if awaited else frozenset()
    return frozenset(WITHIN[transition.actor, transition.within])


def lanes(transition: Transition, awaited: Transition | None = None) -> frozenset[str]:
    """The lanes (roles) in which a transition can be performed at all."""
    if transition.actor == TURN:
        return lanes(awaited) if awaited else frozenset(LANES)
    if transition.actor == LAST:
        return frozenset(LANES)
    return frozenset(standing if standing in LANES else BIDANG for standing in performers(transition))


def readable_by(standing: str) -> frozenset[str]:
    """Which secrecy somebody of this standing may read."""
    return frozenset(secrecy for secrecy, readers in READERS.items() if standing in readers)


def may_read(secrecy: str, standings: frozenset[str]) -> bool:
    return bool(READERS[secrecy] & standings)


def may_draft(standings: frozenset[str]) -> bool:
    """Whether someone reads what is still being written."""
    return bool(DRAFTERS & standings)


def opens(role: str, noun: str) -> bool:
    """Whether a role may open a page of the panel; an undeclared page is closed."""
    return role in PAGES.get(noun, (frozenset(),))[0]


def writes(role: str, noun: str) -> bool:
    return role in PAGES.get(noun, (frozenset(), frozenset()))[1]
