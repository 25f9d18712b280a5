"""A second factor is a must for who decides, who reads everything and who lets people in. An office that is at work
already has a month to set them up; what it has said itself of a role stays, and the demo asks nobody.
"""
# proves anew: setting

from datetime import datetime, timedelta, timezone
from typing import Any

WIB = timezone(timedelta(hours=7))  # the clock of every office at that time
GRACE = timedelta(days=30)


def apply(owner: Any) -> None:
    keys = {key for (key,) in owner.execute_sql('SELECT DISTINCT "key" FROM "setting"').fetchall()}
    if "site.demo" in keys or not owner.execute_sql('SELECT 1 FROM "user" LIMIT 1').fetchone():
        return
    mark = owner.param
    demand = f'INSERT INTO "setting" ("key", "value", "valid_from") VALUES ({mark}, {mark}, {mark})'  # noqa: S608 - its mark
    for key in ("factor.kepala_dinas", "factor.pengawas", "factor.admin"):
        if key not in keys:
            owner.execute_sql(demand, (key, "true", (datetime.now(WIB) + GRACE).date().isoformat()))
