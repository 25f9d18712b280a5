"""Access control as tables: which roles and which relations of a user to a case may do and see what."""

from functools import cache

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
    "daftar-terbit": "Daftar yang terbit untuk ditandatangani: Daftar Pengantar dan persetujuan satu hari, bernomor.",
    "dokumen-kembali": "Menerima kembali dokumen yang sudah ditandatangani secara elektronik atau dipindai.",
    "perjalanan-dokumen": "Sampai di mana tiap dokumen: dicetak, dibawa, ditandatangani, kembali, disimpan.",
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
    "arsip": "Di mana berkas suatu pengaduan disimpan, kepada siapa dipinjamkan, dan sejak kapan.",
    "arsip-catat": "Mencatat tempat berkas di arsip, peminjamannya, dan kembalinya.",
    "berkas-tersimpan": "Berkas yang tercatat tempatnya di arsip, yang terbaru lebih dahulu.",
    "belum-kembali": "Berkas yang sedang dipinjam, yang terlama lebih dahulu.",
    "belum-diarsipkan": "Pengaduan yang sudah berakhir tanpa tempat berkas, yang terlama lebih dahulu.",
    "retensi-arsip": "Berkas yang masa aktifnya habis menurut jadwal retensi; tidak ada yang dimusnahkan di sini.",
    "tempat-arsip": "Rak, boks, dan map dengan kode pada labelnya; yang tidak dipakai dinonaktifkan, bukan dihapus.",
    "jadwal-retensi": "Berapa lama arsip disimpan menurut klasifikasinya, dan nasib akhirnya.",
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

# The constants of a user's relation to one case. Everyone in a lane has the lane's name; the others depend on the case.
REGISTRAR = "registrar"  # received it or took it over, or is "petugas pengaduan rahasia"
HEAD, HANDLER, UNIT, SUBMITTER = "head", "handler", "unit", "submitter"  # in the lead unit of the disposition
ADDRESSED, NAMED, TEAM = "addressed", "named", "team"  # in another addressed unit; named at dispose; permanent team
EMERGENCY = "emergency"  # in the category's emergency unit: before the disposition, then until it has acted
MADE_LAST = "made_last"  # made the last step
RELATIONS = {
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
ROLE_RELATIONS = frozenset({*ROLES} & {*RELATIONS} - {PENGAWAS})  # relations of everyone in a role towards every case
DRAFTERS = frozenset({HANDLER, SUBMITTER})  # may read drafts, which belong to the unit until submitted
LOGGED = frozenset({"rahasia"})  # secrecy whose appearance in lists is logged; views of a case's page are always logged

IDENTITY_READERS = frozenset({PETUGAS, HANDLER})  # may open papers with identity data
CONTACT = IDENTITY_READERS | {EMERGENCY}  # see contact data on the page of a step that needs a call
CALLERS = IDENTITY_READERS | {KEPALA_DINAS}  # may reveal a telephone number on the case's page, with a reason
WATCHERS = frozenset({KEPALA_DINAS, PENGAWAS})  # are notified of every use of an exceptional power
WITNESSES = frozenset({KEPALA_DINAS, HEAD, PENGAWAS})  # see on a case's page who has viewed it
FINDERS = {"phone": CALLERS, "nik": IDENTITY_READERS}  # may search by a whole number, which they could read anyway
FOUND_BY = {"phone": "nomor telepon", "nik": "NIK"}

OF_A_POST = frozenset({KEPALA_DINAS, HEAD, SUBMITTER})  # acts of these alone require a post
OF_LEAD_UNIT = frozenset({HEAD, HANDLER, UNIT, SUBMITTER})  # relations of the unit of the disposition alone

WITHIN = {  # (actor, within) of the table -> the relations that may act
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

# Pages of the panel: roles that read, roles that write (through a form; transitions are checked by `performers`).
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
    "jadwal-retensi",
    "pengaturan",
)
PUBLIC = "umum"  # needs no sign-in: the sign-in page, light or dark, the health check
PAGES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "beranda": (frozenset(ROLES), frozenset()),
    "akun": (frozenset(ROLES), frozenset()),  # except for the own password
    "meja": (frozenset({KEPALA_DINAS}), frozenset()),
    **{
        n: (CONTENT, frozenset())
        for n in ("pengaduan", "cari", "disposisi", "asesmen", "nota-dinas", "berita-acara", "janji", "dokumen")
    },
    "daftar-terbit": (CONTENT, frozenset()),  # own ones; all for those who read all cases
    "perjalanan-dokumen": (CONTENT, frozenset()),
    "dokumen-kembali": (frozenset(LANES), frozenset()),  # papers of cases that the sender may open
    "rekapitulasi": (CONTENT, frozenset()),  # counts the cases that the reader may open
    "rekapitulasi-resmi": (frozenset({KEPALA_DINAS}), frozenset()),  # counts all cases, signed
    "pimpinan": (frozenset({KEPALA_DINAS, PENGAWAS}), frozenset()),
    "formulir-kosong": (frozenset({PETUGAS}), frozenset()),
    "buku-register": (frozenset({PETUGAS, KEPALA_DINAS, PENGAWAS}), frozenset()),
    "impor": (frozenset({PETUGAS}), frozenset()),
    "uji-kepatuhan": (frozenset({KEPALA_DINAS, PENGAWAS}), frozenset()),
    "serah-terima": (frozenset({PETUGAS, KEPALA_DINAS, BIDANG, ADMIN}), frozenset()),
    "nomor": (frozenset({PETUGAS, KEPALA_DINAS, PENGAWAS, ADMIN}), frozenset({PETUGAS, ADMIN})),
    "tanda-dokumen": (frozenset({PETUGAS}), frozenset()),
    **{
        n: (CONTENT, frozenset())
        for n in ("arsip", "berkas-tersimpan", "belum-kembali", "belum-diarsipkan", "retensi-arsip")
    },
    "arsip-catat": (frozenset({PETUGAS}), frozenset()),
    "tempat-arsip": (frozenset({PETUGAS, PENGAWAS, ADMIN}), frozenset({PETUGAS, ADMIN})),
    "cetak-ulang": (frozenset({*LANES, ADMIN}), frozenset({ADMIN})),  # own papers; ADMIN: all, without reading them
    "riwayat": (CONTENT, frozenset()),
    "periksa-riwayat": (frozenset({KEPALA_DINAS, PENGAWAS, ADMIN}), frozenset()),
    "akses": (frozenset({PENGAWAS}), frozenset()),
    "sop": (frozenset(ROLES), frozenset()),
    "pengguna": (frozenset({ADMIN, PENGAWAS}), frozenset({ADMIN})),
    "cadangan": (frozenset({ADMIN}), frozenset()),  # except for the key sheet, which asks for the own password
    "pemeriksaan": (frozenset({ADMIN}), frozenset()),  # about the panel, without data of any case
    "surel": (frozenset({ADMIN}), frozenset()),  # states of e-mails, without their contents
    **{n: (frozenset({ADMIN, PENGAWAS}), frozenset({ADMIN})) for n in _MASTERS},
}


def performers(transition: Transition, awaited: Transition | None = None) -> frozenset[str]:
    """The relations that may perform a transition; for the actor TURN those of the awaited transition."""
    if transition.actor == TURN:
        return performers(awaited) if awaited else frozenset()
    return frozenset(WITHIN[transition.actor, transition.within])


def lanes(transition: Transition, awaited: Transition | None = None) -> frozenset[str]:
    """The lanes (roles) that can have a relation which may perform the transition."""
    if transition.actor == TURN:
        return lanes(awaited) if awaited else frozenset(LANES)
    if transition.actor == LAST:
        return frozenset(LANES)
    return _lanes_of(transition.actor, transition.within)


@cache
def _lanes_of(actor: str, within: str) -> frozenset[str]:
    return frozenset(relation if relation in LANES else BIDANG for relation in WITHIN[actor, within])


def readable_by(relation: str) -> frozenset[str]:
    """The levels of secrecy that this relation may read."""
    return frozenset(secrecy for secrecy, readers in READERS.items() if relation in readers)


def may_read(secrecy: str, relations: frozenset[str]) -> bool:
    return bool(READERS[secrecy] & relations)


def may_draft(relations: frozenset[str]) -> bool:
    """Whether these relations may read drafts."""
    return bool(DRAFTERS & relations)


def opens(role: str, noun: str) -> bool:
    """Whether a role may open a page of the panel; an undeclared page is closed."""
    return role in PAGES.get(noun, (frozenset(),))[0]


def writes(role: str, noun: str) -> bool:
    return role in PAGES.get(noun, (frozenset(), frozenset()))[1]
