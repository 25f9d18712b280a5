"""The answer to a complaint that came by an online medium: it goes back there as a text to copy, not as a paper."""

from models.case.case import Case
from models.complaint.complaint import Complaint
from models.letters.to_pengadu import discreet_text, is_discreet
from models.office.contacts import masked_words
from sop.words import format_date

ONLINE = "online"  # the group of media that are answered where the complaint was written
COUNT = " ({}/{})"
ENDS = ("\n\n", "\n", ". ", " ")
LENGTH = "answer.length"  # the setting
RECEIVED = "Pengaduan Saudara kami terima pada {day} dan tercatat dengan nomor {number}. Terima kasih."
ANSWERED = "Pengaduan Saudara nomor {number} telah kami tangani.\n\n{answer}\n\nTerima kasih."


def is_online(complaint: Complaint) -> bool:
    """Whether the pengadu waits for the answer in the medium itself (SP4N-LAPOR!, SAMBAT)."""
    return bool(complaint.medium.group == ONLINE)


def where_to_answer(complaint: Complaint) -> str:
    """The medium, with the reference under which the complaint stands there."""
    return " ".join(filter(None, (complaint.medium.name, complaint.medium_ref)))


def received_words(case: Case) -> str:
    """What to write there once a complaint is taken down: no name, nothing of the matter."""
    complaint = case.complaint
    if is_discreet(complaint):
        return discreet_text(case.settings)
    return RECEIVED.format(day=format_date(complaint.received_at), number=complaint.number)


def answer_parts(case: Case) -> list[str]:
    """The answer that was approved, or told since, for a complaint of an online medium, in parts that the medium takes;
    none as long as there is none. Of a rahasia case not a word of it: who else reads there is not known."""
    approved = case.blanks_in_force("nota_dinas").get("answer", "") if "approval" in case.records else ""
    answer = masked_words(str(case.blanks_in_force("berita_acara").get("told") or approved))  # others read there
    if not answer or not is_online(case.complaint):
        return []
    if is_discreet(case.complaint):
        return [discreet_text(case.settings)]
    text = ANSWERED.format(number=case.complaint.number, answer=answer.strip())
    return in_parts(text, int(case.settings[LENGTH]))


def in_parts(text: str, most: int) -> list[str]:
    """A text in parts of so many letters at most, each with which of how many it is; parted where a paragraph, a
    sentence or a word ends."""
    if len(text) <= most:
        return [text]
    parts, rest, room = [], text, most - len(COUNT.format(99, 99))
    while len(rest) > room:
        cut = _end_within(rest, room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [f"{part}{COUNT.format(no, len(parts))}" for no, part in enumerate(parts, 1)]


def _end_within(text: str, room: int) -> int:
    ends = (
        text.rfind(mark, room // 2, room) + len(mark.rstrip(" ")) for mark in ENDS if mark in text[room // 2 : room]
    )
    return next(ends, room)
