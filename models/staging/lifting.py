"""NIK, telephone numbers and addresses of imported texts: taken out for the sealed fields, masked where they stood."""

from models.fields.contacts import FoundNumbers
from models.search.blind import KINDS, NumberMark
from models.store.seal import ring


class LiftedNumbers(FoundNumbers):
    """What stood in the texts of one row, and by what it is found."""

    @property
    def marks(self) -> list[NumberMark]:
        """By what each that can be looked for is found, whoever has it."""
        return [NumberMark(kind, ring().mark(kind, number)) for kind in KINDS for number in getattr(self, kind)]
