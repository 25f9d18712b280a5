"""Which members of staff the head of the unit gives the case to; nobody means the whole unit."""

from typing import Any

from models.records.base import Blanks, IdList, Record, User, pw
from models.store import witness
from models.store.rows import rewrites
from models.tables.complaint import Addressee


class Assignment(Record):
    key, title, per = "assignment", "Penugasan staf", "leg"

    staff = IdList(User, verbose_name="Staf yang ditugaskan", help_text="Kosongkan bila ditangani seluruh unit kerja.")
    note = pw.TextField(verbose_name="Pesan", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        """Those who have it now: among many cases, what nobody ticks stays as it is."""
        return {"staff": case.blanks_in_force(cls.key).get("staff", [])}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        staff = list(blanks["staff"])
        own = User.select().where(User.id.in_(staff) & (User.division == case.complaint.unit_id) & User.active).count()
        return "" if own == len(set(staff)) else "Yang ditugaskan hanya staf unit kerja sendiri."

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        here = (Addressee.complaint == case.complaint.id) & (Addressee.leg == case.leg)
        before = [number for (number,) in Addressee.select(Addressee.id).where(here & Addressee.handles).tuples()]
        rewrites(Addressee, before)
        Addressee.delete().where(Addressee.id.in_(before)).execute()
        for user in dict.fromkeys(blanks["staff"]):
            row = Addressee.create(complaint=case.complaint.id, leg=case.leg, user=user, handles=True)
            witness.added(Addressee, row.id)
