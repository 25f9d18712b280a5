"""The signed SOP as data: its header, its rows, and the transitions that perform each row."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from sop.clock import Norm
from sop.signers import MAKER, PENGADU, RECEIVER, UNIT_HEAD, is_sent_to_signer

PETUGAS, KEPALA_DINAS, BIDANG = "petugas", "kepala_dinas", "bidang"
LANES = {PETUGAS: "Petugas Penanganan Pengaduan", KEPALA_DINAS: "Kepala Dinas", BIDANG: "Bidang"}
TURN, LAST = "turn", "last"  # actors of detours: the actor of the awaited step; the actor of the last step
OPEN, RUNNING = "open", "running"  # sets of states: all that are not final; those without the paused one
UNTIL = "until "  # prefix of a step's key: the states up to that step, and the paused one
SAME, BACK = "same", "back"  # target states that depend on the case
COUNTS_FROM = ("form", "row", "attempt")  # opening the form; the end of the previous row; reaching the pengadu
TONES = ("plain", "primary", "danger")
BADGES = ("neutral", "good", "info", "warn", "bad")
MARKS = {"emergency": "darurat"}  # boolean columns of the case that can call for a detour, with their labels
REPEATS = ("adds", "marks", "ties")  # a repeated complaint: added to the earlier case; its duplicate; linked to it
GIVES = ("assigned", "kept")  # assignment of a case: to a named user; to the Petugas responsible for it


@dataclass(frozen=True, kw_only=True)
class PaperKind:
    """A formal paper that a transition issues; `series` is the series of its number, `signers` are keys of SIGNERS."""

    key: str
    title: str
    series: str = "register"
    signers: tuple[str, ...] = (PETUGAS,)  # in the order in which they sign
    identity: bool = False  # contains NIK, contact data and addresses
    parties: bool = False  # shows only a masked NIK and the kelurahan: open to all readers of the case
    side: bool = False  # accompanies the row's paper; no act waits for it
    secret_only: bool = False  # issued only for a rahasia case: what the pengadu takes home of a paper kept back

    @property
    def signer(self) -> str:
        """The responsible signer: the first of the office's."""
        return next(word for word in self.signers if is_sent_to_signer(word))

    @property
    def is_of_unit(self) -> bool:
        """Whether the unit issues it, under its own letterhead if it has one."""
        return self.signer in (UNIT_HEAD, MAKER)


FORM = PaperKind(key="form_pengaduan", title="Form Pengaduan", signers=(PENGADU, PETUGAS), identity=True)


@dataclass(frozen=True, kw_only=True)
class Need:
    """A record that must exist before a transition, and its name in the sentence of refusal."""

    record: str
    name: str


PROMISED = Need(record="promise", name="Janji yang menunggu")


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One act that moves or marks a complaint. All that is special about an act is a column here."""

    key: str
    actor: str
    label: str  # of the button that opens its page
    did: str  # verb in the history, after the user's name
    done: tuple[str, str] = ("Langkah", "dijalankan")  # subject and passive verb: "Berkas telah dinaikkan"
    finish: str = ""  # label of the button that performs it, if other than `label`
    waiting: str = ""  # label of the state in which this act is awaited
    within: str = "any"  # which users of the lane: a word of WITHIN in sop/access.py
    record: str = ""  # key of the record model whose fields are this act's blanks
    needs: tuple[Need, ...] = ()
    papers: tuple[PaperKind, ...] = ()
    series: str = ""  # the series it takes a number of, once per round; again if a unit refused after taking it
    effect: str = ""  # an additional effect: a word of EFFECTS in models/workflow/effects.py
    draft: bool = False  # blanks may be saved as a draft before the act ("Simpan konsep")
    bulk: bool = True
    independent: bool = False  # refused to users who wrote or submitted what is decided on
    start: tuple[str, ...] = ()  # detours: the states it may begin in
    to: str = ""  # detours: the state it leads to; on the main line the next transition of the table
    evidence: bool = False  # its page also takes files, and descriptions of evidence stored elsewhere
    contact: bool = False  # needs a call: its page shows contact data to users who may act, which is logged
    starts_clock: bool = False  # reaching the pengadu starts the clock of a row that counts from "attempt"
    help: str = ""  # one sentence on the step page
    reason_label: str = ""  # of the blank for the reason on its page, where another reason stands above it
    amends: bool = False  # its record changes the complaint's entry: its page is the intake form as filled in now
    only_first: bool = False  # its papers are issued only while the case awaits its first step
    tone: str = "plain"  # of the button, one of TONES
    called_by: str = ""  # detours: only for cases with this mark, one of MARKS, which call for it
    settled_by: tuple[str, ...] = ()  # other acts that settle that call in the same round
    news: str = ""  # notification to the next actor, shown until they have acted; "" for none
    news_beside: str = ""  # the same if the act was done by another unit than the lead unit
    gives: str = ""  # assigns the case, one of GIVES; only the assigned user is notified
    repeat: str = ""  # relation to an earlier case, one of REPEATS; offered when there may be one
    tells: str = ""  # e-mail to the pengadu: a key of the e-mails in models/data/wording.json
    news_after: int = 0  # notification only after the case has been in the new state for so many working days
    news_due: str = (
        ""  # notification from the day until which the case is paused; without such a day `news_after` holds
    )

    @property
    def last_button(self) -> str:
        """The label of the button that performs it."""
        return self.finish or self.label


@dataclass(frozen=True, kw_only=True)
class Row:
    """One signed row of the SOP: its columns as printed, and the transitions that perform it."""

    kegiatan: str
    title: str
    kelengkapan: tuple[str, ...]
    waktu: str
    output: tuple[str, ...]
    transitions: tuple[Transition, ...]
    ket: str = ""
    counts_from: str = "row"  # one of COUNTS_FROM
    note: str = ""  # for "Catatan untuk revisi SOP"

    @property
    def key(self) -> str:
        """The key stored with runs of its clock: its first act's, which does not change when other rows come and go."""
        return self.transitions[0].key

    @cached_property
    def norm(self) -> Norm:
        """The row's working time, parsed from the printed text."""
        return Norm.read(self.waktu)

    @property
    def lanes(self) -> tuple[str, ...]:
        """The distinct actors of this row in the order of the acts."""
        return tuple(dict.fromkeys(t.actor for t in self.transitions))

    @property
    def papers(self) -> tuple[PaperKind, ...]:
        return tuple(p for t in self.transitions for p in t.papers)


@dataclass(frozen=True, kw_only=True)
class Head:
    """The header of the signed SOP; fields that are blank on paper are blank here."""

    government: str = "PEMERINTAH KOTA MALANG"
    office: tuple[str, ...] = (
        "DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,",
        "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
    )
    number: str = "01/SKT/2023"
    made: str = "Juni 2023"
    revised: str = ""
    effective: str = ""
    revision: str = ""
    approved_title: str = (
        "Kepala Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk Dan Keluarga Berencana"
    )
    approved_name: str = "DONNY SANDITO WIDOYOKO S.STP.,M.Si"
    approved_rank: str = "Pembina Tingkat I"
    approved_nip: str = "19770724 199602 1 001"
    bidang: str = "BIDANG SEKRETARIAT"
    name: str = "PELAYANAN PENANGANAN PENGADUAN"
    legal_basis: tuple[str, ...] = (
        "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Republik Indonesia Nomor 62 Tahun "
        "2018 tentang Pedoman Sistem Pengaduan Pelayanan Publik Nasional;",
        "Peraturan Walikota Malang Nomor 19 Tahun 2010 terkait Penyelenggaraan Penanganan Pengaduan di Lingkungan "
        "Pemerintah Kota Malang",
    )
    qualifications: tuple[str, ...] = (
        "Memiliki latar belakang pendidikan minimal Sarjana.",
        "Mampu menganalisa suatu persoalan dengan pendekatan yang tepat;",
        "Mampu menyimpulkan berdasarkan hasil pembahasan dan analisa;",
        "Menguasai materi bahasan;",
        "Mampu berkomunikasi dan memberikan informasi secara benar dan sopan;",
        "Mampu mengoperasikan perangkat Komputer, Ms. Office dan Internet.",
    )
    related: str = "-"
    equipment: tuple[str, ...] = ("Komputer;", "Alat Tulis;", "Meja dan Kursi;", "Jaringan Internet", "Form Pengaduan")
    warning: str = "-"
    record_keeping: str = "Disimpan dalam bentuk data elektronik dan non elektronik"
    signed_rows: str = ""  # SHA-256 of the signed rows; other rows are a draft


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A signed revision: number and date as printed, and the fingerprint of its rows."""

    number: str = ""  # "" for the first signing, which has none
    date: str = ""
    rows: str  # SHA-256, see `fingerprint`


REVISIONS: tuple[Revision, ...] = (  # in the order of signing; entries are never removed
    Revision(rows="ff762737ac0518619526c95e059cc3b601054803d1c8c73f562f0e4a1e04377c"),
)


def head_under(revision: Revision) -> Head:
    """The header of the printed SOP under a signed revision."""
    return Head(revised=revision.date, revision=revision.number, signed_rows=revision.rows)


HEAD = head_under(REVISIONS[-1])

ROWS: tuple[Row, ...] = (
    Row(
        kegiatan="Penyampaikan aduan menyampaikan aduan baik secara langsung maupun melalui berbagai media pengaduan "
        "online",
        title="Pengadu menyampaikan pengaduan, langsung maupun melalui media pengaduan daring",
        kelengkapan=("Form Pengaduan",),
        waktu="5 menit",
        output=("Form Pengaduan",),
        counts_from="form",
        note="“Penyampaikan aduan” semestinya “Penyampai aduan” (pengadu).",
        transitions=(
            Transition(
                key="receive",
                actor=PETUGAS,
                label="Catat pengaduan",
                did="mencatat pengaduan",
                tells="received",
                done=("Pengaduan", "dicatat"),
                waiting="Belum dicatat",
                series="register",
                evidence=True,
                bulk=False,
                tone="primary",
                help="Catat apa yang disampaikan pengadu. Yang belum diketahui boleh menyusul.",
                papers=(
                    FORM,
                    PaperKind(key="tanda_terima", title="Tanda Terima Pengaduan", side=True),
                ),
            ),
        ),
    ),
    Row(
        kegiatan="Berkas pengaduan dinaikkan ke Kepala Dinas untuk mendapat disposisi penanganan",
        title="Berkas pengaduan dinaikkan kepada Kepala Dinas untuk mendapat disposisi penanganan",
        kelengkapan=("Form pengaduan",),
        waktu="1 Jam",
        output=("Berkas disposisi penanganan pengaduan",),
        transitions=(
            Transition(
                key="raise",
                actor=PETUGAS,
                label="Naikkan ke Kepala Dinas",
                did="menaikkan berkas kepada Kepala Dinas",
                done=("Berkas", "dinaikkan"),
                waiting="Menunggu dinaikkan",
                record="referral",
                tone="primary",
                help="Usulkan unit kerja dan instruksi; Kepala Dinas dapat menyetujuinya dengan satu ketukan.",
            ),
            Transition(
                key="dispose",
                actor=KEPALA_DINAS,
                label="Disposisikan",
                did="mendisposisikan pengaduan",
                tells="handled",
                done=("Pengaduan", "didisposisikan"),
                waiting="Menunggu disposisi",
                record="disposition",
                effect="new_leg",
                tone="primary",
                help="Isian yang dikosongkan mengikuti usulan petugas.",
                papers=(PaperKind(key="lembar_disposisi", title="Lembar Disposisi", signers=(KEPALA_DINAS,)),),
            ),
        ),
    ),
    Row(
        kegiatan="Menindaklanjuti disposisi Kepala Dinas untuk menangani aduan yang disampaikan",
        title="Menindaklanjuti disposisi Kepala Dinas untuk menangani pengaduan",
        kelengkapan=("Berkas disposisi penanganan pengaduan",),
        waktu="1 hari",
        output=("-Berkas Asesmen / penelaahan pengaduan", "-Nota Dinas penanganan pengaduan"),
        transitions=(
            Transition(
                key="handle",
                contact=True,
                actor=BIDANG,
                within="handler",
                label="Tindak lanjuti",
                did="menindaklanjuti disposisi",
                done=("Asesmen", "diselesaikan"),
                finish="Selesaikan asesmen",
                waiting="Menunggu tindak lanjut",
                record="assessment",
                needs=(Need(record="disposition", name="Berkas disposisi penanganan pengaduan"),),
                draft=True,
                evidence=True,
                tone="primary",
                help="Fakta, tindakan, kesimpulan, dan usul jawaban cukup ditulis sekali; Nota Dinas tersusun darinya.",
                papers=(
                    PaperKind(key="berkas_asesmen", title="Berkas Asesmen / Penelaahan Pengaduan", signers=(MAKER,)),
                ),
            ),
        ),
    ),
    Row(
        kegiatan="Nota Dinas dinaikkan ke Kepala Dinas untuk mendapat persetujuan",
        title="Nota Dinas dinaikkan kepada Kepala Dinas untuk mendapat persetujuan",
        kelengkapan=("Nota Dinas Penanganan Pengaduan",),
        waktu="1 Jam",
        output=("Nota Dinas yang telah mendapat persetujuan",),
        transitions=(
            Transition(
                key="submit",
                actor=BIDANG,
                within="submitter",
                label="Naikkan Nota Dinas",
                did="menaikkan Nota Dinas",
                done=("Nota Dinas", "dinaikkan"),
                waiting="Menunggu Nota Dinas dinaikkan",
                record="nota_dinas",
                needs=(Need(record="assessment", name="Berkas Asesmen / penelaahan pengaduan"),),
                series="nota_dinas",
                draft=True,
                tone="primary",
                help="Periksa konsep Nota Dinas; isian yang dikosongkan mengikuti konsepnya.",
            ),
            Transition(
                key="approve",
                actor=KEPALA_DINAS,
                label="Setujui",
                did="menyetujui Nota Dinas",
                done=("Nota Dinas", "disetujui"),
                waiting="Menunggu persetujuan",
                record="approval",
                needs=(Need(record="nota_dinas", name="Nota Dinas Penanganan Pengaduan"),),
                independent=True,
                tone="primary",
                help="Dengan catatan, Nota Dinas disetujui dan catatannya tercetak pada lembar persetujuan.",
                papers=(
                    PaperKind(
                        key="nota_dinas",
                        title="Nota Dinas",
                        series="nota_dinas",
                        signers=(UNIT_HEAD, KEPALA_DINAS),
                    ),
                ),
            ),
        ),
    ),
    Row(
        kegiatan="Petugas menyampaikan hasil penanganan pengaduan kepada penyampaikan aduan",
        title="Petugas menyampaikan hasil penanganan pengaduan kepada pengadu",
        kelengkapan=(
            "Hasil Asesmen dan telaah aduan",
            "Nota Dinas yang telah mendapat persetujuan Kepala Dinas terkait penanganan aduan",
        ),
        waktu="10 menit",
        output=("Berita Acara Penyelesaian Penanganan Pengaduan",),
        counts_from="attempt",
        note="“penyampaikan aduan” semestinya “penyampai aduan” (pengadu).",
        transitions=(
            Transition(
                key="deliver",
                contact=True,
                actor=PETUGAS,
                label="Sampaikan hasil",
                did="menyampaikan hasil penanganan",
                tells="answered",
                done=("Hasil", "disampaikan"),
                waiting="Menunggu penyampaian",
                record="berita_acara",
                needs=(
                    Need(record="assessment", name="Hasil Asesmen dan telaah aduan"),
                    Need(record="approval", name="Nota Dinas yang telah mendapat persetujuan Kepala Dinas"),
                ),
                series="berita_acara",
                tone="primary",
                help="Berita Acara tersusun dari Nota Dinas yang disetujui; catat tanggapan pengadu.",
                papers=(
                    PaperKind(
                        key="berita_acara",
                        title="Berita Acara Penyelesaian Penanganan Pengaduan",
                        series="berita_acara",
                        parties=True,
                        signers=(RECEIVER, PETUGAS, KEPALA_DINAS),
                    ),
                    PaperKind(key="kutipan_berita_acara", title="Kutipan Berita Acara", side=True, secret_only=True),
                ),
            ),
        ),
    ),
)

DETOURS: tuple[Transition, ...] = (
    Transition(
        key="hold",
        actor=TURN,
        label="Tunda",
        did="menunda penanganan",
        done=("Penanganan", "ditunda"),
        news="Ditunda terlalu lama",
        news_after=5,
        news_due="Masa tunda habis",
        record="suspension",
        start=(RUNNING,),
        to="resume",
        effect="hold",
        help="Pada tanggalnya panel mengingatkan; jam SOP tetap berhenti sampai penanganan dilanjutkan.",
    ),
    Transition(
        key="resume",
        actor=TURN,
        label="Lanjutkan",
        did="melanjutkan penanganan",
        done=("Penanganan", "dilanjutkan"),
        waiting="Menunggu kelengkapan",
        record="remark",
        start=("resume",),
        to=BACK,
        tone="primary",
        help="Jam SOP berjalan lagi; masa tunda tidak dihitung dalam batas SOP.",
        reason_label="Alasan melanjutkan",
    ),
    Transition(
        key="recall",
        actor=LAST,
        label="Tarik kembali",
        did="menarik kembali langkah terakhir",
        done=("Langkah terakhir", "ditarik kembali"),
        record="remark",
        start=(RUNNING,),
        to=BACK,
        effect="recall",
        bulk=False,
        help="Dapat dilakukan selama pelaksana berikutnya belum membuka pengaduan.",
        reason_label="Alasan menarik kembali",
    ),
    Transition(
        key="assign",
        actor=BIDANG,
        within="head",
        label="Tugaskan staf",
        did="menugaskan staf",
        done=("Staf", "ditugaskan"),
        news="Ditugaskan kepada Anda",
        gives="assigned",
        record="assignment",
        start=("handle", "submit", "resume"),
        to=SAME,
        help="Yang ditugaskan dan kepala unit menjadi pelaksana.",
    ),
    Transition(
        key="entrust",
        actor=PETUGAS,
        within="entrusting",
        label="Serahkan ke petugas lain",
        did="menyerahkan pengaduan kepada petugas lain",
        done=("Pengaduan", "diserahkan"),
        news="Diserahkan kepada Anda",
        gives="kept",
        record="entrusting",
        start=(OPEN,),
        to=SAME,
        help="Petugas penerima memegang pengaduan sampai selesai, juga yang rahasia; nama pencatat tetap tercantum.",
    ),
    Transition(
        key="return_file",
        actor=KEPALA_DINAS,
        label="Kembalikan berkas",
        did="mengembalikan berkas kepada petugas",
        done=("Berkas", "dikembalikan"),
        news="Berkas dikembalikan",
        record="remark",
        start=("dispose",),
        to="raise",
        help="Berkas kembali kepada petugas untuk dilengkapi.",
    ),
    Transition(
        key="refuse",
        actor=BIDANG,
        within="head",
        label="Kembalikan disposisi",
        did="mengembalikan disposisi",
        done=("Disposisi", "dikembalikan"),
        news="Disposisi dikembalikan",
        record="remark",
        start=("handle",),
        to="dispose",
        effect="end_leg",
        bulk=False,
        help="Disposisi berakhir dan Kepala Dinas mendisposisikan ulang. Nomor Nota Dinas yang sudah ada dibatalkan.",
    ),
    Transition(
        key="send_back",
        actor=KEPALA_DINAS,
        label="Kembalikan untuk perbaikan",
        did="mengembalikan Nota Dinas untuk perbaikan",
        done=("Nota Dinas", "dikembalikan"),
        news="Dikembalikan untuk perbaikan",
        record="remark",
        start=("approve",),
        to="handle",
        effect="new_revision",
        help="Unit kerja memperbaiki; naskah sebelumnya tetap tersimpan.",
    ),
    Transition(
        key="forward",
        actor=KEPALA_DINAS,
        label="Teruskan ke instansi lain",
        did="meneruskan ke instansi lain",
        tells="forwarded",
        done=("Pengaduan", "diteruskan"),
        record="forwarding",
        start=("dispose",),
        to="forwarded",
        bulk=False,
        help="Untuk pengaduan yang bukan kewenangan dinas.",
    ),
    Transition(
        key="duplicate",
        actor=PETUGAS,
        label="Tandai duplikat",
        did="menandai sebagai duplikat",
        tells="joined",
        done=("Pengaduan", "ditandai sebagai duplikat"),
        record="duplication",
        start=("raise",),
        to="duplicated",
        repeat="marks",
        help="Nomor pengaduan tetap tercatat dan menunjuk ke pengaduan induknya.",
    ),
    Transition(
        key="void",
        actor=PETUGAS,
        label="Batalkan register",
        did="membatalkan register",
        tells="voided",
        done=("Register", "dibatalkan"),
        record="remark",
        start=("raise", "dispose"),
        to="voided",
        effect="void",
        bulk=False,
        tone="danger",
        help="Untuk pencatatan yang keliru. Nomor register tetap ada dan ditandai batal.",
    ),
    Transition(
        key="withdraw",
        actor=PETUGAS,
        label="Catat pencabutan",
        did="mencatat pencabutan oleh pengadu",
        tells="withdrawn",
        done=("Pencabutan", "dicatat"),
        record="remark",
        start=(OPEN,),
        to="withdrawn",
        bulk=False,
        tone="danger",
        help="Pengadu menarik pengaduannya; berkas tetap tersimpan.",
    ),
    Transition(
        key="reopen",
        actor=PETUGAS,
        label="Buka kembali",
        did="membuka kembali pengaduan",
        tells="reopened",
        done=("Pengaduan", "dibuka kembali"),
        news="Dibuka kembali",
        record="remark",
        start=("closed", "forwarded", "duplicated", "withdrawn"),
        to="raise",
        effect="new_round",
        bulk=False,
        help="Putaran baru dimulai dengan jam SOP dan dokumennya sendiri.",
    ),
    Transition(
        key="correct",
        actor=PETUGAS,
        label="Ralat",
        did="meralat data",
        done=("Data pengaduan", "diralat"),
        record="correction",
        start=(OPEN,),
        to=SAME,
        effect="recount",
        amends=True,
        bulk=False,
        help="Hanya yang keliru diubah. Isi lama dan alasannya tetap tersimpan; dokumen yang sudah terbit tidak berubah.",
        papers=(FORM,),
        only_first=True,
    ),
    Transition(
        key="supplement",
        actor=PETUGAS,
        within="addressed",
        label="Tambah keterangan",
        did="menambah keterangan",
        done=("Keterangan", "ditambahkan"),
        news="Keterangan baru",
        news_beside="Dijawab unit kerja lain",
        record="supplement",
        start=(OPEN,),
        to=SAME,
        repeat="adds",
        evidence=True,
        bulk=False,
        help="Keterangan atau bukti tambahan.",
    ),
    Transition(
        key="tie",
        actor=PETUGAS,
        within="addressed",
        label="Kaitkan",
        did="mencatat kaitan dengan pengaduan lain",
        done=("Kaitan", "dicatat"),
        record="tie",
        start=(OPEN,),
        to=SAME,
        repeat="ties",
        bulk=False,
        help="Untuk pengaduan yang berkaitan tetapi bukan duplikat.",
    ),
    Transition(
        key="alert",
        actor=PETUGAS,
        label="Sudah dihubungi",
        did="memberitahukan keadaan darurat",
        done=("Yang dihubungi", "dicatat"),
        record="alert",
        start=(UNTIL + "approve",),
        to=SAME,
        bulk=False,
        called_by="emergency",
        settled_by=("assist", "handle"),
        help="Unit kerja atau layanan darurat segera dihubungi, lalu dicatat siapa yang sudah dihubungi.",
    ),
    Transition(
        key="assist",
        contact=True,
        actor=BIDANG,
        within="emergency",
        label="Catat tindakan darurat",
        did="mencatat tindakan darurat",
        done=("Tindakan darurat", "dicatat"),
        news="Tindakan darurat tercatat",
        record="assistance",
        start=(UNTIL + "approve",),
        to=SAME,
        evidence=True,
        bulk=False,
        called_by="emergency",
        settled_by=("handle",),
        help="Tindakan segera, unit kerja mana pun yang kemudian menangani.",
    ),
    Transition(
        key="attempt",
        actor=PETUGAS,
        contact=True,
        label="Catat upaya penyampaian",
        did="mencatat upaya penyampaian",
        done=("Upaya penyampaian", "dicatat"),
        record="attempt",
        start=("deliver",),
        to=SAME,
        bulk=False,
        starts_clock=True,
        help="Setiap upaya menghubungi pengadu dicatat, berhasil maupun tidak.",
    ),
    Transition(
        key="promise",
        actor=PETUGAS,
        within="addressed",
        label="Catat janji",
        did="mencatat janji tindak lanjut",
        done=("Janji", "dicatat"),
        record="promise",
        start=(OPEN, "closed", "forwarded"),
        to=SAME,
        bulk=False,
        help="Untuk yang dijanjikan pada suatu tanggal; panel mengingatkan.",
    ),
    Transition(
        key="settle",
        actor=PETUGAS,
        within="addressed",
        label="Catat hasil janji",
        did="mencatat hasil janji",
        done=("Hasil janji", "dicatat"),
        record="settlement",
        needs=(PROMISED,),
        start=(OPEN, "closed", "forwarded"),
        to=SAME,
        bulk=False,
        help="Setelah hasilnya dicatat, janji tidak diingatkan lagi.",
    ),
    Transition(
        key="postpone",
        actor=PETUGAS,
        within="addressed",
        label="Pindahkan janji",
        did="memindahkan tanggal janji",
        done=("Tanggal janji", "dipindahkan"),
        record="postponement",
        needs=(PROMISED,),
        start=(OPEN, "closed", "forwarded"),
        to=SAME,
        bulk=False,
        help="Tanggal lama tetap tercatat.",
    ),
)

TRANSITIONS: dict[str, Transition] = {t.key: t for t in (*(t for row in ROWS for t in row.transitions), *DETOURS)}


@dataclass(frozen=True, kw_only=True)
class Final:
    """A final state: its label and badge.

    `outside`: settled before it was imported. No act leads to or from it, such cases have no clocks and no papers, and
    figures of settled cases do not include them.
    """

    label: str
    tone: str = "neutral"  # of its badge, one of BADGES
    outside: bool = False


FINALS = {  # the first is the end of the main line
    "closed": Final(label="Selesai", tone="good"),
    "forwarded": Final(label="Diteruskan"),
    "duplicated": Final(label="Duplikat"),
    "withdrawn": Final(label="Dicabut"),
    "voided": Final(label="Dibatalkan"),
    "settled_outside": Final(label="Selesai di luar panel", outside=True),
}


@dataclass(frozen=True, kw_only=True)
class Former:
    """A key that was removed from the table, but is still in cases, records and the history.

    Without `act`: a state or act that was renamed. With `act`, moved here from the table: an act that the SOP no longer
    has, whose words and papers are still needed.
    """

    key: str
    now: str  # the state to which cases that awaited it are moved
    act: Transition | None = None


FORMER: tuple[Former, ...] = ()  # entries are never removed, as the history keeps their keys


def printed_rows(rows: tuple[Row, ...] = ROWS) -> list[list[object]]:
    """The printed columns of each row: no, kegiatan, lanes, kelengkapan, waktu, output, ket."""
    return [
        [no, r.kegiatan, list(r.lanes), list(r.kelengkapan), r.waktu, list(r.output), r.ket]
        for no, r in enumerate(rows, 1)
    ]


def fingerprint(rows: tuple[Row, ...] = ROWS) -> str:
    """SHA-256 (hex) of the printed rows; equal to that of the last revision unless a row was changed since."""
    return hashlib.sha256(json.dumps(printed_rows(rows), ensure_ascii=False).encode()).hexdigest()


def is_draft(head: Head = HEAD, rows: tuple[Row, ...] = ROWS) -> bool:
    """Whether the printed SOP is marked "KONSEP REVISI": a row was changed since the last signing."""
    return fingerprint(rows) != head.signed_rows
