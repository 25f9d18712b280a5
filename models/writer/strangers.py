"""What the database names and the table does not know, with the count and the way out: no start until it is told."""

from collections.abc import Iterator

import peewee as pw

from models.records.registry import RECORDS
from models.tables.complaint import Complaint, Run
from models.tables.paper import Paper
from sop import flow


def strangers() -> Iterator[str]:
    """The sentences; call with a connection, after `former.follow_table`."""
    yield from _cases()
    yield from _records()
    yield from _papers()
    yield from _runs()


def _cases() -> Iterator[str]:
    """Cases that wait for, came from or were last moved by what the table does not know, and no `FORMER` tells of."""
    states, acts = [state for state, _ in flow.states()], [*flow.TRANSITIONS, ""]
    opened = Complaint.state.in_([*flow.OPEN_STATES])
    asked = (
        (Complaint.state, Complaint.state.not_in(states), "berstatus"),
        (Complaint.back, opened & Complaint.back.not_in([*states, *acts]), "berasal dari status"),
        (Complaint.last_act, opened & Complaint.last_act.not_in(acts), "terakhir diproses pada langkah"),
    )
    for column, unknown, verb in asked:
        for key, count in _counted(Complaint, column, unknown):
            yield f"{count} pengaduan {verb} “{key}”, yang tidak ada lagi dalam tabel SOP. {_way_out(key)}"


def _runs() -> Iterator[str]:
    """What was measured in rows that the table does not know, and no `FORMER` either."""
    for key, count in _counted(Run, Run.row_key, Run.row_key.not_in([*flow.KNOWN])):
        measured = f"{count} catatan waktu SOP menyebut baris yang dimulai langkah “{key}”, yang tidak dikenal lagi."
        yield f"{measured} Jalan keluar: di sop/procedure.py, tulis langkah itu sebagai act pada FORMER."


def _records() -> Iterator[str]:
    """Records of acts that the table does not know, and no `FORMER` either."""
    for model in RECORDS.values():
        for key, count in _counted(model, model.act, model.act.not_in([*flow.KNOWN])):
            made = f"{count} catatan “{model.title}” dibuat pada langkah “{key}”"
            yield f"{made}, yang tidak ada lagi dalam tabel SOP. {_way_out(key)}"


def _papers() -> Iterator[str]:
    for key, count in _counted(Paper, Paper.kind, Paper.kind.not_in([*flow.PAPERS])):
        way = "Jalan keluar: di sop/procedure.py, tulis langkah yang menerbitkannya sebagai act pada FORMER."
        yield f"{count} dokumen berjenis “{key}”, yang tidak diterbitkan langkah mana pun. {way}"


def _counted(model: type[pw.Model], column: pw.Field, unknown: pw.Expression) -> list[tuple[str, int]]:
    query = model.select(column, pw.fn.COUNT(pw.SQL("*"))).where(unknown).group_by(column).order_by(column)
    return list(query.tuples())


def _way_out(key: str) -> str:
    there = ", ".join(f"“{state}”" for state, _ in flow.states())
    return (
        f'Jalan keluar: di sop/procedure.py, tambahkan Former(key="{key}", now="…") pada FORMER; bila langkahnya '
        f"dihapus, sertakan langkah itu sebagai act. Status yang ada: {there}."
    )
