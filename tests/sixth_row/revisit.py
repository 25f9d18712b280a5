"""What the unit met when it called on the pengadu again: on which day, how many people, in what state."""

from models.records.base import Record, pw


class Revisit(Record):
    key, title = "revisit", "Kunjungan kembali"

    visited = pw.DateField(verbose_name="Tanggal kunjungan")
    present = pw.IntegerField(verbose_name="Banyaknya anggota keluarga yang ditemui")
    state_of_things = pw.TextField(verbose_name="Keadaan yang ditemui")
    aid = pw.CharField(
        verbose_name="Bantuan diterima", max_length=10, choices=(("penuh", "Penuh"), ("sebagian", "Sebagian"))
    )
