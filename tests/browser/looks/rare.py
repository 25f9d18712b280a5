"""What an office has now and then and the demo has not: states in which a page must hold together as well."""

from datetime import timedelta

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.imports.batches import store_waiting_file
from models.imports.columns import LAPOR
from models.imports.stage import stage
from models.office.people import Acting, Division, User, today
from models.store.base import now
from tests.browser.waiting import bring

DECREE = "800.1.11.1/1234/35.73.401/2026"


def bring_about() -> None:
    """A Plh. who is still to begin, a case near its legal limit, a file that waits; inside `its_database()`."""
    begins = today() + timedelta(days=3)
    Acting.create(
        kind="Plh.",
        division=Division.get(code="REHSOS"),
        user=User.get(username="staf.rehsos"),
        decree=DECREE,
        decree_date=today(),
        valid_from=begins,
        valid_to=begins + timedelta(days=11),
    )
    near_its_limit(bring("dispose", 1))
    a_file_waits()


def near_its_limit(ids: list[int]) -> None:
    """Received long ago, and an hour left by law."""
    dates = {"received_at": now() - timedelta(days=60), "legal_due_at": now() + timedelta(hours=1)}
    Complaint.update(**dates).where(Complaint.id.in_(ids)).execute()


FILE = """Tracking ID;Tanggal Laporan Masuk;Isi Laporan Awal;Kategori;Instansi Terdisposisi
1;2 Nov 2025 08:30;Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.;Bantuan sosial;
2;3 Nov 2025;Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.;Bantuan sosial;
3;3 Nov 2025;Lampu jalan di depan rumah kami mati sejak sepekan.;Lampu jalan;Dinas Perhubungan
4;kemarin;Kartu BPJS milik ibu saya tidak aktif lagi.;Kesehatan;
5;3 Nov 2025;PJU mati;Lampu jalan;
"""


def a_file_waits() -> None:
    """What others hold, read and not yet published: a row is refused, one is short, one repeats another, one is another
    office's. And a file of another kind, whose columns are not assigned yet."""
    by, heads = User.get(username="petugas"), FILE.partition("\n")[0].split(";")
    stage(FILE.encode(), "lapor-2025.csv", LAPOR, "WIB", viewer(by), now())
    store_waiting_file(FILE.encode(), "buku-2019.csv", "WIB", heads, by, now())
