"""Users, posts, units, mandates and standing teams."""

import re
from collections.abc import Iterator
from typing import Any

import peewee as pw
from flask import url_for
from flask_admin.form import BaseForm
from wtforms import BooleanField, EmailField, ValidationError

from admin.door.flaskadmin import row_behind
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.cells import NOTHING
from admin.lists.masters import (
    CODE,
    DATES,
    FROM_TODAY,
    IN_FORCE,
    IN_FORCE_LABEL,
    LATEST_FIRST,
    ORGANISATION,
    DatedForm,
    validate_code,
)
from admin.office.account import SessionsOfUser
from admin.office.password_links import PasswordLinks
from admin.sign_in.own_factor import FactorOfUser
from models.email.message import address_objection
from models.office import decree
from models.office.people import Post, User, nip_objection, posts_by_unit, today
from models.reading.handover import Holding, holdings
from models.sign_in.session import end_outdated
from models.store.base import now
from sop.access import ADMIN, PENGAWAS, ROLES
from sop.procedure import BIDANG, LANES, PETUGAS
from sop.words import spoken_title

OFFICE = "Kepala Dinas"
OWN_LETTERHEAD = "Isi bila unit kerja memakai kop sendiri, misalnya UPT: Nota Dinas dan Berkas Asesmennya berkop itu."
IN_LANES = frozenset(LANES)  # no admin, so that admins cannot give themselves access to cases


class DivisionView(PanelView):
    noun = "unit"
    can_create = can_edit = records_edits = True
    form_base_class = DatedForm
    fixed = ("code",)
    column_list = ("name", "code", "kind", "paper_code", *DATES, "in_force")
    column_labels, column_formatters = IN_FORCE_LABEL, IN_FORCE
    column_sortable_list = ("name", "code", *DATES)
    column_searchable_list = ("name", "code")
    column_default_sort = "name"
    form_columns = ("code", "name", "kind", "paper_code", "address", "phone", "web", "postcode", *DATES)
    form_args = {
        **FROM_TODAY,
        "address": {"description": OWN_LETTERHEAD},
        "code": CODE,
        "paper_code": {"description": "Misalnya REH; mengisi {bidang} pada pola nomor.", "validators": [validate_code]},
        "valid_to": {"description": "Isi bila unit dihapus atau berganti nama; dokumen lama tetap memakai nama lama."},
    }
    create_label = "Tambah unit kerja"
    empty_text = "Belum ada unit kerja."
    empty_hint = "Tambahkan sekretariat, bidang, dan UPT yang menangani pengaduan."


class PostView(PanelView):
    noun = "jabatan"
    can_create = can_edit = records_edits = True
    form_base_class = DatedForm
    joins = ("division", "holder")
    people = {"holder": IN_LANES}
    column_list = ("title", "division.name", "holder.name", "acting", *DATES, "in_force")
    column_labels = {
        **IN_FORCE_LABEL,
        "division.name": "Unit kerja",
        "holder.name": "Pejabat",
        "acting": "Pelaksana hari ini",
    }
    column_sortable_list = DATES
    column_default_sort = [("division.name", False), LATEST_FIRST]
    column_orders = {"division.name": pw.fn.COALESCE(Post.division, 0)}  # the office first, then by unit
    column_searchable_list = ("title", "holder.name")
    column_formatters = {
        **IN_FORCE,
        "division.name": lambda view, context, row, name: str(row.division or OFFICE),
        "acting": lambda view, context, row, name: row.acting or NOTHING,
    }
    form_columns = ("division", "title", "holder", *DATES)
    preset_fields = ("division",)
    form_args = {
        **FROM_TODAY,
        "title": {"description": "Seperti tercetak di atas tanda tangan, misalnya KEPALA DINAS."},
    }
    create_label = "Tambah jabatan"
    empty_text = "Belum ada jabatan."
    empty_hint = "Tambahkan Kepala Dinas lebih dahulu, lalu kepala tiap unit kerja."

    def rows(self, keys: list[int]) -> list[Any]:
        """With today's acting official of each post."""
        acting = {row.division_id: f"{row.kind} {row.user}" for row in decree.in_force(today())}
        posts = super().rows(keys)
        for row in posts:
            row.acting = acting.get(row.division_id, "")
        return posts


class MandateView(PanelView):
    noun = "surat-tugas"
    can_create = can_edit = records_edits = True
    form_base_class = DatedForm
    joins = ("user",)
    people = {"user": frozenset({PENGAWAS})}
    column_list = ("number", "user.name", *DATES, "in_force")
    column_labels = {**IN_FORCE_LABEL, "user.name": "Pengawas"}
    column_formatters = IN_FORCE
    column_sortable_list, column_default_sort = DATES, LATEST_FIRST
    form_columns = ("number", "user", *DATES)
    form_args = {
        **FROM_TODAY,
        "valid_to": {"description": "Sesudahnya isi pengaduan tertutup lagi. Kosongkan bila tanpa batas waktu."},
    }
    create_label = "Tambah Surat Tugas"
    empty_text = "Belum ada Surat Tugas. Tanpa Surat Tugas yang berlaku, pengawas tidak dapat membaca isi pengaduan."

    def row_name(self, row: Any) -> str:
        return str(row.number)


class StandingTeamView(PanelView):
    noun = "tim-tetap"
    can_create = can_edit = records_edits = True
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


USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}", re.ASCII)
APART = f"Peran {ROLES[ADMIN]} dan peran lain tidak saling berganti; buat akun tersendiri dan nonaktifkan yang ini."
ANYWAY = "Nonaktifkan walau belum diserahkan"
STANDS = "Serahkan dahulu yang ada padanya (lihat di atas), atau centang “{}” bila harus segera."


class UserForm(BaseForm):
    """Validation of users."""

    def validate_username(self, field: Any) -> None:
        field.data = (field.data or "").lower()
        if not USERNAME.fullmatch(field.data):
            raise ValidationError("Huruf kecil, angka, titik, garis; sedikitnya 3, tanpa spasi.")
        if User.select().where(User.username == field.data).exists():
            raise ValidationError("Nama pengguna ini sudah dipakai.")

    def validate_email(self, field: Any) -> None:
        if not field.errors and (sentence := address_objection(field.data or "")):
            raise ValidationError(sentence)

    def validate(self, extra_validators: Any = None) -> bool:
        """Checks across fields run after those of fields, also for blank ones, whose validators WTForms skips."""
        fits = super().validate(extra_validators)
        wrong = [(name, sentence) for name, is_wrong, sentence in self._across() if is_wrong]
        for name, sentence in wrong:
            self[name].errors = [*self[name].errors, sentence]
        return fits and not wrong

    def _across(self) -> Iterator[tuple[str, bool, str]]:
        """(field, whether it is wrong, message)."""
        role, me = self.role.data, self._id() == int(signed_in().id)
        other = me and role != self.account.role
        yield "division", role == BIDANG and not self.division.data, f"Peran {ROLES[BIDANG]} memerlukan unit kerja."
        yield "secret_registrar", self.secret_registrar.data and role != PETUGAS, f"Hanya untuk peran {ROLES[PETUGAS]}."
        yield "role", other, "Peran Anda sendiri hanya dapat diubah oleh pengelola sistem lain."
        # two persons who are admins in turn could give each other access to cases
        crosses = self.account is not None and not me and (role == ADMIN) != (self.account.role == ADMIN)
        yield "role", crosses, APART
        objection = nip_objection(self.nip.data, role or "", active=bool(self.active.data), but=self._id())
        yield "nip", bool(objection), objection
        yield "active", me and not self.active.data, "Anda tidak dapat menonaktifkan akun Anda sendiri."
        switched_off = self.account is not None and self.account.active and not self.active.data
        leaves_work = switched_off and not self.data.get("anyway") and bool(holdings([self.account.id]))
        yield "active", leaves_work, STANDS.format(ANYWAY)

    @property
    def account(self) -> Any:
        """The edited user, None for a new one."""
        return row_behind(self)

    def _id(self) -> int:
        return int(self.account.id) if self.account is not None else 0


class UserView(PanelView):
    noun = "pengguna"
    can_create = can_edit = records_edits = True
    sessions, factor, password_links = SessionsOfUser(), FactorOfUser(), PasswordLinks()
    joins = ("division",)
    fixed = ("username",)
    form_base_class = UserForm
    column_list = ("name", "username", "role", "division.name", "posts", "secret_registrar", "active")
    column_labels = {"division.name": "Unit kerja", "posts": "Jabatan hari ini", "password_hash": "Kata sandi"}
    column_formatters = {"posts": lambda view, context, row, name: row.posts_today or NOTHING}
    column_sortable_list = ("name", "username", "role", "division.name")
    column_searchable_list = ("name", "username", "nip")
    column_filters = ("role", "division", "active")
    column_default_sort = "name"
    form_columns = ("username", "name", "nip", "pangkat", "email", "role", "division", "secret_registrar", "active")
    form_args = {
        "username": {"description": "Untuk masuk: huruf kecil, angka, titik, garis. Tidak dapat diubah kemudian."},
        "division": {"description": "Wajib untuk peran Bidang."},
        "secret_registrar": {"description": "Membaca semua pengaduan rahasia, juga yang dicatat petugas lain."},
        "active": {"description": "Hapus centang agar tidak dapat masuk lagi; yang sedang masuk langsung keluar."},
    }
    form_overrides = {"email": EmailField}  # shows @ on phone keyboards
    preset_fields = ("role", "division")
    edit_template = "admin/office/user.html"
    create_label = "Tambah pengguna"
    empty_text = "Belum ada pengguna."

    def rows(self, keys: list[int]) -> list[Any]:
        """With the posts that the users hold or act in today."""
        titles: dict[int, list[str]] = {}
        for signers in posts_by_unit(today()).values():
            for signer in signers:
                titles.setdefault(signer.user, []).append(spoken_title(signer.title))
        users = super().rows(keys)
        for row in users:
            row.posts_today = ", ".join(titles.get(row.id, ()))
        return users

    def get_edit_form(self) -> type:
        plain = super().get_edit_form()  # first: WTForms orders fields by creation, and this one follows `active`
        anyway = BooleanField(ANYWAY, description="Yang belum diserahkan tetap tercatat atas namanya.")
        return type("EditForm", (plain,), {"anyway": anyway})

    def edit_form(self, obj: Any = None) -> Any:
        """The override is asked only once the account was to be switched off."""
        form = super().edit_form(obj)
        if form.active.data:
            del form.anyway
        return form

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        super().on_saved(model, created, changed_fields)
        end_outdated(model, by=signed_in(), at=now())

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """After creating a user, the page for the password link."""
        return (
            self.password_links.url_for(model)
            if is_created and self.password_links.are_for(model)
            else super().get_save_return_url(model, is_created)
        )

    def open_work_of(self, person: User) -> list[Holding]:
        """Open work of the user, to hand over before deactivation."""
        return holdings([person.id]).get(person.id, [])


def person_url(person: User) -> str:
    """The address of a user's edit form."""
    return url_for("pengguna.edit_view", id=person.id)


def views() -> list[PanelView]:
    """The view of users, first in its menu group."""
    return [UserView(User, "Pengguna", endpoint="pengguna", category=ORGANISATION)]
