"""Where the whole berkas of a case lies and who has borrowed it: append-only rows, and each case's present state."""

from collections.abc import Iterable
from datetime import date

import peewee as pw

from models.complaint.complaint import Complaint
from models.complaint.scope import any_of
from models.office.contacts import mask_typed
from models.office.people import User
from models.office.shelves import RetentionTerm, ShelfPlace, midnight, years_before
from models.store.base import Columns, Model, Moment, database


class CaseFiled(Model):
    """The place of the whole berkas of a case; the latest row counts."""

    append_only = True
    proof = "Tempat berkas"
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="filings")
    place = pw.ForeignKeyField(ShelfPlace, verbose_name="Tempat berkas", on_delete="RESTRICT", index=False)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment()


class CaseLent(Model):
    """A loan of the berkas. `number` counts the loans of the case: two at once cannot both be written."""

    append_only = True
    proof = "Peminjaman berkas"
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="loans", index=False)
    number = pw.IntegerField()
    borrower = pw.CharField(verbose_name="Dipinjam oleh", max_length=120)
    due_on = pw.DateField(verbose_name="Harus kembali")
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment()

    class Meta:
        indexes = ((("complaint", "number"), True),)


class CaseReturned(Model):
    """The end of a loan. The primary key allows only one."""

    append_only = True
    proof = "Pengembalian berkas"
    lent = pw.ForeignKeyField(CaseLent, primary_key=True, on_delete="RESTRICT", backref="returned")
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment()


class CaseShelf(Model):
    """The present state of a berkas, as the rows above and the case have it: of each case that has ended, was filed or
    was lent. Lists read it by its partial indexes, so that they do not grow with the history."""

    in_digest = False
    complaint = pw.ForeignKeyField(Complaint, verbose_name="Pengaduan", on_delete="RESTRICT", unique=True)
    ended_at = Moment(verbose_name="Berakhir", null=True)  # NULL while the case is open
    place = pw.ForeignKeyField(ShelfPlace, verbose_name="Tempat berkas", on_delete="RESTRICT", null=True, index=False)
    filed_at = Moment(verbose_name="Disimpan", null=True)
    loan = pw.ForeignKeyField(CaseLent, on_delete="RESTRICT", null=True, index=False)  # the open one
    borrower = pw.CharField(verbose_name="Dipinjam oleh", max_length=120, default="")
    lent_at = Moment(verbose_name="Dipinjam", null=True)
    due_on = pw.DateField(verbose_name="Harus kembali", null=True)


mask_typed(CaseLent, ("borrower",))
mask_typed(CaseShelf, ("borrower",))

IS_LENT = CaseShelf.loan.is_null(False)
IS_FILED = CaseShelf.place.is_null(False)
IS_UNFILED = CaseShelf.place.is_null() & CaseShelf.ended_at.is_null(False)
HAS_ENDED = CaseShelf.ended_at.is_null(False)
CaseShelf.add_index(CaseShelf.index(CaseShelf.lent_at, where=IS_LENT, name="case_shelf_lent"))
CaseShelf.add_index(CaseShelf.index(CaseShelf.due_on, where=IS_LENT, name="case_shelf_due"))
CaseShelf.add_index(CaseShelf.index(CaseShelf.ended_at, where=IS_UNFILED, name="case_shelf_unfiled"))
CaseShelf.add_index(CaseShelf.index(CaseShelf.place, where=IS_FILED, name="case_shelf_placed"))
CaseShelf.add_index(CaseShelf.index(CaseShelf.filed_at, where=IS_FILED, name="case_shelf_filed"))
CaseShelf.add_index(CaseShelf.index(CaseShelf.ended_at, where=HAS_ENDED, name="case_shelf_ended"))


def note_ends(cases: Iterable[Complaint]) -> None:
    """Store when these cases ended, or that they are open again: call in the transaction that closes or reopens them.
    What had ended elsewhere before it was imported has no berkas here."""
    rows = [{"complaint": c.id, "ended_at": None if c.elsewhere else c.closed_at} for c in cases]
    if rows:
        write_states_of(rows, "ended_at")


def write_states_of(rows: list[Columns], *names: str) -> None:
    """Insert or update the state of cases in these columns, one statement."""
    written = CaseShelf.insert_many(rows)
    fields = [CaseShelf._meta.fields[name] for name in names]
    written.on_conflict(conflict_target=[CaseShelf.complaint], preserve=fields).execute()


def add_missing() -> int:
    """Add the cases that have ended without a row, as all of an older version: called at start. How many."""
    known = CaseShelf.select(pw.SQL("1")).where(CaseShelf.complaint == Complaint.id)
    ended = Complaint.closed_at.is_null(False) & (Complaint.elsewhere == "")
    lacking = Complaint.select(Complaint.id, Complaint.closed_at, pw.Value("")).where(ended & ~pw.fn.EXISTS(known))
    with database.atomic():
        before = CaseShelf.select().count()
        CaseShelf.insert_from(lacking, [CaseShelf.complaint, CaseShelf.ended_at, CaseShelf.borrower]).execute()
        return int(CaseShelf.select().count() - before)


def retention_over(terms: Iterable[RetentionTerm], day: date, *, inactive: bool = False) -> pw.Expression:
    """Condition on `CaseShelf`: the active period is over by that day; with `inactive`, the inactive period too."""
    ways = []
    for term in terms:
        if term.rule is None:
            continue
        years = term.rule.active_years + (term.rule.inactive_years if inactive else 0)
        before = years_before(day, years)  # who ended on an earlier day has had his last day
        until = min(before, term.until) if term.until else before
        within = HAS_ENDED & (CaseShelf.ended_at < midnight(until))
        ways.append(within & (CaseShelf.ended_at >= midnight(term.since)) if term.since else within)
    return any_of(ways)
