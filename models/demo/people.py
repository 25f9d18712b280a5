"""The demo's invented office: its letterhead, users, posts, and the task suggested for each user."""

from datetime import datetime, time

from models.office.people import Division, Mandate, Post, User
from models.office.settings import store_setting
from models.office.wording import BUILT_IN
from models.store import tracked_rows
from models.workflow.masters import MALANG, SINCE, city_settings, read_data
from sop.access import ADMIN, PENGAWAS, ROLES
from sop.clock import WIB
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, PETUGAS, ROWS

NIP = "19000101 190001"  # born and appointed in January 1900: no real NIP
HEADS = {
    "REHSOS": "bidang.rehsos",
    "PPA": "bidang.ppa",
    "SEKRETARIAT": "bidang.sekretariat",
    "PPKB": "bidang.ppkb",
    "PUSPAGA": "bidang.puspaga",
    "DAYASOS": "bidang.dayasos",
    "P3A": "bidang.p3a",
}
STAFF = {"REHSOS": "staf.rehsos"}
CLERK, SECRET_CLERK, CHIEF, INSPECTOR = "petugas", "petugas2", "kadis", "pengawas"
WOMAN, MAN = 2, 1  # the digit for the sex in a NIP

# user name, name, pangkat, role, unit, sex; each lane without a user here gets one below
_PEOPLE: tuple[tuple[str, str, str, str, str, int], ...] = (
    (CLERK, "Rahayu Candrawati, S.Sos.", "Penata Muda Tingkat I", PETUGAS, "", WOMAN),
    (SECRET_CLERK, "Wening Laraswati, S.Psi.", "Penata", PETUGAS, "", WOMAN),
    (CHIEF, "Dr. Harsono Wibisana, M.Si.", "Pembina Utama Muda", KEPALA_DINAS, "", MAN),
    (HEADS["REHSOS"], "Drs. Bagaskara Suryanata, M.AP.", "Pembina", BIDANG, "REHSOS", MAN),
    (HEADS["PPA"], "Anindya Paramastuti, S.Psi., M.Si.", "Penata Tingkat I", BIDANG, "PPA", WOMAN),
    (STAFF["REHSOS"], "Gilang Wiranegara, S.Tr.Sos.", "Penata Muda", BIDANG, "REHSOS", MAN),
    (INSPECTOR, "Ir. Kartini Suryaningrat, M.M.", "Pembina Tingkat I", PENGAWAS, "", WOMAN),
    ("admin", "Panji Adiwerna, S.Kom.", "Penata Muda", ADMIN, "", MAN),
    (HEADS["SEKRETARIAT"], "Dra. Sasmita Ningrum, M.Si.", "Pembina Tingkat I", BIDANG, "SEKRETARIAT", WOMAN),
    (HEADS["PPKB"], "dr. Nirmala Kusumadewi, M.Kes.", "Pembina", BIDANG, "PPKB", WOMAN),
    (HEADS["PUSPAGA"], "Tirtayasa Adinata, S.Psi.", "Penata", BIDANG, "PUSPAGA", MAN),
    (HEADS["DAYASOS"], "Jatmika Danuwijaya, S.Sos., M.AP.", "Pembina", BIDANG, "DAYASOS", MAN),
    (HEADS["P3A"], "Saraswati Anggadewi, S.H., M.Si.", "Pembina", BIDANG, "P3A", WOMAN),
)
_LANES = {lane: title for lane, title in LANES.items() if lane not in {role for _, _, _, role, _, _ in _PEOPLE}}
_PEOPLE = (*_PEOPLE, *((lane, f"Contoh {title}", "Penata", lane, "", WOMAN) for lane, title in _LANES.items()))


def _task_of(lane: str) -> str:
    labels = [f"“{step.label}”" for row in ROWS for step in row.transitions if step.actor == lane]
    return f"Lakukan {' dan '.join(labels)}" if labels else "Baca pengaduan yang terbuka baginya"


SIGN_INS = (
    (CLERK, ROLES[PETUGAS], "Catat pengaduan baru, naikkan berkasnya, dan sampaikan hasil kepada pengadu"),
    (SECRET_CLERK, "Petugas pengaduan rahasia", "Catat dan naikkan pengaduan rahasia, sampaikan hasilnya"),
    (CHIEF, ROLES[KEPALA_DINAS], "Disposisikan pengaduan dan setujui Nota Dinas"),
    (HEADS["REHSOS"], "Bidang Rehabilitasi (kepala)", "Tindak lanjuti disposisi dan naikkan Nota Dinas"),
    (HEADS["PPA"], "UPT PPA (kepala)", "Tindak lanjuti pengaduan rahasia dan darurat"),
    (STAFF["REHSOS"], "Bidang Rehabilitasi (staf)", "Susun konsep asesmen"),
    (INSPECTOR, ROLES[PENGAWAS], "Telusuri berkas dengan Surat Tugas dan periksa keutuhan riwayat"),
    ("admin", ROLES[ADMIN], "Atur pengguna, unit kerja, dan pengaturan dinas"),
    (HEADS["SEKRETARIAT"], "Sekretariat (kepala)", "Tindak lanjuti pengaduan tentang pelayanan dan petugas"),
    (HEADS["PPKB"], "Bidang PPKB (kepala)", "Tindak lanjuti pengaduan layanan KB"),
    (HEADS["PUSPAGA"], "Puspaga (kepala)", "Tindak lanjuti permintaan konseling keluarga"),
    (HEADS["DAYASOS"], "Bidang Pemberdayaan Sosial (kepala)", "Tindak lanjuti pengaduan bantuan usaha dan sumbangan"),
    (HEADS["P3A"], "Bidang P3A (kepala)", "Tindak lanjuti pengaduan hak anak dan pelatihan perempuan"),
    *((lane, title, _task_of(lane)) for lane, title in _LANES.items()),
)
OFFICE = {
    "office.address": "Jalan Contoh Sejahtera Nomor 1",
    "office.phone": "(0341) 000000",
    "office.web": "Laman dinas.example.com – Surel pengaduan@example.com",
    "office.postcode": "00000",
    "office.unit_code": "999",
    "office.emblem": BUILT_IN,
    "emergency.units": "PPA (0341) 000001\nREHSOS (0341) 000002",
    "backup.arranged": "Data contoh tidak dicadangkan",
}


def sign_in_of(lane: str) -> str:
    """The user name of the first user in a lane."""
    return next(username for username, _, _, role, _, _ in _PEOPLE if role == lane)


def make_office(flag: str) -> None:
    """Store the settings of the invented office in Malang, and the flag that marks every paper with DATA CONTOH."""
    for key, value in {**city_settings(MALANG), **OFFICE, flag: True}.items():
        store_setting(key, value, SINCE)


def make_people(password_hash: str) -> dict[str, User]:
    """Create the users, posts and the Surat Tugas; the users by user name."""
    units, made = {d.code: d for d in Division.select()}, {}
    since = datetime.combine(SINCE, time(8), WIB)
    for serial, (username, name, pangkat, role, unit_code, sex) in enumerate(_PEOPLE, 1):
        made[username] = User.create(
            username=username,
            name=name,
            pangkat=pangkat,
            nip=f"{NIP} {sex} {serial:03}",
            role=role,
            division=units.get(unit_code),
            secret_registrar=username == SECRET_CLERK,
            password_hash=password_hash,
            created_at=since,
        )
    tracked_rows.added(User, *(user.id for user in made.values()))
    posts = [Post.create(title="KEPALA DINAS", holder=made[CHIEF], valid_from=SINCE)]
    for unit in read_data("divisions"):
        division, head = units[unit["code"]], made[HEADS[unit["code"]]]
        posts.append(Post.create(title=unit["head_title"], division=division, holder=head, valid_from=SINCE))
    tracked_rows.added(Post, *(post.id for post in posts))
    mandate = Mandate.create(user=made[INSPECTOR], number="000/CONTOH/35.73.999/2020", valid_from=SINCE)
    tracked_rows.added(Mandate, mandate.id)
    return made
