"""The masters of who may do what: units, posts, mandates and standing teams, all with their dates."""

from typing import Any

import peewee as pw

from admin.kit.columns import NOTHING
from admin.kit.noted import CODE, DATES, FROM_TODAY, DatedView, Noted, well_coded
from models.office import decree
from models.office.people import Post, today
from sop.access import PENGAWAS
from sop.procedure import LANES

OFFICE = "Kepala Dinas"
OWN_LETTERHEAD = "Isi bila unit kerja memakai kop sendiri, misalnya UPT: Nota Dinas dan Berkas Asesmennya berkop itu."
IN_LANES = frozenset(LANES)  # no admin: nobody lets himself into the cases by a post or a team


class DivisionView(DatedView):
    noun = "unit"
    column_list = ("name", "code", "kind", "paper_code", *DATES, "in_force")
    column_sortable_list = ("name", "code", *DATES)
    column_searchable_list = ("name", "code")
    column_default_sort = "name"
    form_columns = ("code", "name", "kind", "paper_code", "address", "phone", "web", "postcode", *DATES)
    form_args = {
        **FROM_TODAY,
        "address": {"description": OWN_LETTERHEAD},
        "code": CODE,
        "paper_code": {"description": "Misalnya REH; mengisi {bidang} pada pola nomor.", "validators": [well_coded]},
        "valid_to": {"description": "Isi bila unit dihapus atau berganti nama; dokumen lama tetap memakai nama lama."},
    }
    create_label = "Tambah unit kerja"
    empty_text = "Belum ada unit kerja."
    empty_hint = "Tambahkan sekretariat, bidang, dan UPT yang menangani pengaduan."


class PostView(DatedView):
    noun = "jabatan"
    joins = ("division", "holder")
    people = {"holder": IN_LANES}
    column_list = ("title", "division.name", "holder.name", "acting", *DATES, "in_force")
    column_labels = {
        **DatedView.column_labels,
        "division.name": "Unit kerja",
        "holder.name": "Pejabat",
        "acting": "Pelaksana hari ini",
    }
    column_default_sort = [("division.name", False), ("valid_from", True)]
    column_orders = {"division.name": pw.fn.COALESCE(Post.division, 0)}  # the office first, then unit by unit
    column_searchable_list = ("title", "holder.name")
    column_formatters = {
        **DatedView.column_formatters,
        "division.name": lambda view, context, row, name: str(row.division or OFFICE),
        "acting": lambda view, context, row, name: row.acting or NOTHING,
    }
    form_columns = ("division", "title", "holder", *DATES)
    filled_by_address = ("division",)
    form_args = {
        **FROM_TODAY,
        "title": {"description": "Seperti tercetak di atas tanda tangan, misalnya KEPALA DINAS."},
    }
    create_label = "Tambah jabatan"
    empty_text = "Belum ada jabatan."
    empty_hint = "Tambahkan Kepala Dinas lebih dahulu, lalu kepala tiap unit kerja."

    def rows(self, keys: list[int]) -> list[Any]:
        """With who acts for the holder today."""
        acting = {row.division_id: f"{row.kind} {row.user}" for row in decree.in_force(today())}
        posts = super().rows(keys)
        for row in posts:
            row.acting = acting.get(row.division_id, "")
        return posts


class MandateView(DatedView):
    noun = "surat-tugas"
    joins = ("user",)
    people = {"user": frozenset({PENGAWAS})}
    column_list = ("number", "user.name", *DATES, "in_force")
    column_labels = {**DatedView.column_labels, "user.name": "Pengawas"}
    form_columns = ("number", "user", *DATES)
    form_args = {
        **FROM_TODAY,
        "valid_to": {"description": "Sesudahnya isi pengaduan tertutup lagi. Kosongkan bila tanpa batas waktu."},
    }
    create_label = "Tambah Surat Tugas"
    empty_text = "Belum ada Surat Tugas. Tanpa Surat Tugas yang berlaku, pengawas tidak dapat membaca isi pengaduan."

    def row_name(self, row: Any) -> str:
        return str(row.number)


class StandingTeamView(Noted):
    noun = "tim-tetap"
    joins = ("category", "user", "user.division")
    people = {"user": IN_LANES}
    column_list = ("user.name", "user.division.name", "category.name", "valid_from", "valid_to")
    column_labels = {
        "user.name": "Anggota tim tetap",
        "user.division.name": "Unit kerja",
        "category.name": "Kategori yang boleh dibaca",
    }
    column_sortable_list = ("user.name", "category.name")
    column_default_sort = [("category.name", False), ("user.name", False)]
    column_searchable_list = ("user.name", "category.name")
    form_columns = ("category", "user", "valid_from", "valid_to")
    form_args = FROM_TODAY
    counted = "anggota"
    create_label = "Tambah anggota tim tetap"
    empty_text = (
        "Belum ada tim tetap. Anggotanya dapat membaca pengaduan rahasia pada kategorinya tanpa ditunjuk satu per satu."
    )

    def row_name(self, row: Any) -> str:
        return f"{row.user}: {row.category}"
