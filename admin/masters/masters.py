"""The office's masters: read by admin and pengawas, written by the admin, ended or switched off but never deleted."""

from admin.kit.noted import CATEGORY, ORGANISATION, Noted
from admin.masters.areas import KelurahanView
from admin.masters.calendar import HolidayView, WorkHoursView
from admin.masters.decrees import ActingView
from admin.masters.lists import CategoryView, MediumView, ReasonView
from admin.masters.posts import DivisionView, MandateView, PostView, StandingTeamView
from admin.settings.settings import SettingView
from models.office.calendar import Holiday, WorkHours
from models.office.lists import Category, Kelurahan, Medium, Reason, StandingTeam
from models.office.people import Acting, Division, Mandate, Post
from models.office.settings import Setting

PEOPLE = (
    (DivisionView, Division, "Unit kerja"),
    (PostView, Post, "Jabatan"),
    (ActingView, Acting, "Plt. dan Plh."),
    (MandateView, Mandate, "Surat Tugas"),
    (StandingTeamView, StandingTeam, "Tim tetap"),
)
LISTS = (
    (MediumView, Medium, "Media pengaduan"),
    (CategoryView, Category, "Kategori"),
    (KelurahanView, Kelurahan, "Kelurahan"),
    (ReasonView, Reason, "Alasan"),
    (WorkHoursView, WorkHours, "Jam kerja"),
    (HolidayView, Holiday, "Hari libur"),
    (SettingView, Setting, "Pengaturan"),
)
VIEWS = (*PEOPLE, *LISTS)


def views() -> list[Noted]:
    """The masters in menu order, each at /<noun>/."""
    folds = ((ORGANISATION, PEOPLE), (CATEGORY, LISTS))
    return [view(model, name, endpoint=view.noun, category=noun) for noun, rows in folds for view, model, name in rows]
