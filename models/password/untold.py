"""Failed tries of which the person has not been told yet: told in words at the next sign-in, once."""

from datetime import datetime

import peewee as pw

from models.office.people import User
from models.store.base import Model, Moment
from sop.words import format_long_moment

ADVICE = "Bila bukan Anda, ganti kata sandi pada Akun saya dan beri tahu pengelola sistem."


class UntoldFailures(Model):
    """Failed tries of which the person has not been told yet."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT", backref="untold_failures")
    count = pw.IntegerField()
    first_at = Moment()
    last_at = Moment()


def add_untold(user: int, count: int, first_at: datetime, last_at: datetime) -> None:
    """So many more have failed, between these moments."""
    untold = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if untold:
        more = {"count": untold.count + count, "last_at": last_at}
        UntoldFailures.update(**more).where(UntoldFailures.id == untold.id).execute()
    else:
        UntoldFailures.create(user=user, count=count, first_at=first_at, last_at=last_at)


def untold_sentence(user: User) -> str:
    """What failed, in words and told this once; "" for nothing."""
    untold = UntoldFailures.get_or_none(UntoldFailures.user == user)
    if untold is None:
        return ""
    UntoldFailures.delete().where(UntoldFailures.user == user).execute()
    first, last = format_long_moment(untold.first_at), format_long_moment(untold.last_at)
    when = f"pada {last}" if untold.count == 1 else f"sejak {first}, terakhir {last}"
    return f"{untold.count} kali gagal masuk dengan nama pengguna Anda {when}. {ADVICE}"
