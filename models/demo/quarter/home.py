"""When the signed papers of a case are back."""

from models.demo.author import Author
from models.demo.plan import Plan
from models.demo.steps import clerk
from models.writer.marks import SIGNED

HOME_AFTER = (1, 1, 1, 2, 2, 3)  # working days since the last act before
AFTERNOON = 440  # minutes after the opening, when what came back is put down


def bring_home(author: Author, plan: Plan) -> None:
    """Once: some days after what has been planned of it so far."""
    if any(act.key == SIGNED for act in plan.acts):
        return
    last = plan.acts[-1].at
    ago = author.agenda.days_since(last) - author.rng.choice(HOME_AFTER)
    at = author.agenda.day(max(ago, 0), AFTERNOON)
    if last < at <= author.agenda.end:
        plan.add(at, SIGNED, clerk(plan))
