"""A message that somebody sends by his own hand, ready with his telephone: what the pengadu was to be told last."""

from collections.abc import Mapping

from models.office.settings import Settings
from models.tables.complaint import Complaint, Person
from models.tables.number import STAND_IN
from models.telling.letters import last_told
from models.telling.reached import WRITTEN_TO, needs_care
from models.telling.words import chat_text


def ready_messages(complaint: Complaint, people: Mapping[str, Person], settings: Settings) -> dict[str, str]:
    """The text by who it is for; none while nothing has been told or there is no number to tell, where somebody must be
    reached with care, or for whom the complaint is about, who may not know of it."""
    if needs_care(people.values()) or complaint.number.startswith(STAND_IN):
        return {}
    if not (event := last_told(complaint.id)):
        return {}
    text = chat_text(event, complaint, settings)
    return {kind: text for kind in WRITTEN_TO if kind in people}
