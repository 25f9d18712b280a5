"""What the unit found when it looked after a settled complaint: a blank of every kind, in no order of names, some of
them named as what the writer takes besides the blanks."""

from models.office.lists import all_instructions, offered_instructions
from models.records.base import (
    CaseNumber,
    Division,
    IdList,
    ManyOf,
    Moment,
    OneOfCase,
    ReasonField,
    Record,
    SealedText,
    User,
    pw,
)

STATES = (("baik", "Keadaan baik"), ("buruk", "Keadaan buruk"))
STARS = ((1, "Satu bintang"), (2, "Dua bintang"))


class Monitoring(Record):
    key, title = "monitoring", "Pemantauan hasil"

    visited_on = pw.DateField(verbose_name="Tanggal kunjungan")
    begun = pw.TimeField(verbose_name="Mulai pukul")
    wages = pw.DecimalField(verbose_name="Penghasilan per kapita", max_digits=9, decimal_places=2)
    distance = pw.FloatField(verbose_name="Jarak dalam km")
    versions = pw.IntegerField(verbose_name="Jumlah bantuan dalam rupiah")
    safe = pw.BooleanField(verbose_name="Keadaan aman", default=False)
    asked = pw.BooleanField(verbose_name="Minta dikunjungi lagi", default=False)
    state = pw.CharField(verbose_name="Keadaan rumah", max_length=10, choices=STATES)
    stars = pw.IntegerField(verbose_name="Penilaian", choices=STARS)
    unit = pw.ForeignKeyField(Division, verbose_name="Unit pendamping", on_delete="RESTRICT")
    by = pw.ForeignKeyField(User, verbose_name="Petugas pendamping", on_delete="RESTRICT")
    at = Moment(verbose_name="Kunjungan berikutnya")
    brought = ManyOf(offered_instructions, all_instructions, verbose_name="Tindakan berikutnya")
    also = IdList(User, verbose_name="Ikut hadir")
    like = CaseNumber(verbose_name="Serupa dengan", max_length=60, default="")
    reason = ReasonField(verbose_name="Alasan kunjungan", max_length=160, default="")
    address = SealedText(verbose_name="Alamat yang dikunjungi")
    again = OneOfCase(verbose_name="Yang dilanjutkan", max_length=20)
    found = pw.TextField(verbose_name="Keadaan yang ditemui")
    by_bus = pw.CharField(verbose_name="Kendaraan", max_length=20, default="")

    @classmethod
    def offered(cls, blank: str, complaint: int) -> list[str]:
        return ["Kursi roda", "Sembako"]
