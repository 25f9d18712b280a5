"""The answer to a complaint that came by an online medium: it goes back there as a text to copy, not as a paper."""

from models.case.case import Case
from models.tables.complaint import Complaint
from sop.words import format_date

ONLINE = "online"  # the group of media that are answered where the complaint was written
RECEIVED = "Pengaduan Saudara kami terima pada {day} dan tercatat dengan nomor {number}. Terima kasih."
ANSWERED = "Pengaduan Saudara nomor {number} telah kami tangani.\n\n{answer}\n\nTerima kasih."


def is_online(complaint: Complaint) -> bool:
    """Whether the pengadu waits for the answer in the medium itself (SP4N-LAPOR!, SAMBAT)."""
    return bool(complaint.medium.group == ONLINE)


def where_to_answer(complaint: Complaint) -> str:
    """The medium, with the reference under which the complaint stands there."""
    return " ".join(filter(None, (complaint.medium.name, complaint.medium_ref)))


def received_words(complaint: Complaint) -> str:
    """What to write there once a complaint is taken down: no name, nothing of the matter."""
    return RECEIVED.format(day=format_date(complaint.received_at), number=complaint.number)


def answer_words(case: Case) -> str:
    """The answer that was approved, or told since, for a complaint of an online medium; "" as long as there is none."""
    approved = case.blanks_in_force("nota_dinas").get("answer", "") if "approval" in case.records else ""
    answer = case.blanks_in_force("berita_acara").get("told") or approved
    if not answer or not is_online(case.complaint):
        return ""
    return ANSWERED.format(number=case.complaint.number, answer=str(answer).strip())
