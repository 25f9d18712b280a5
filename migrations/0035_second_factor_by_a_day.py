"""A second factor is a must for who decides, who reads everything and who lets people in. An office that is at work
already has a month to set them up; what it has said itself of a role stays, and the demo asks nobody.
"""
# proves anew: setting

from datetime import timedelta
from typing import Any

from models.store.base import now

GRACE = timedelta(days=30)


def apply(owner: Any) -> None:
    keys = {key for (key,) in owner.execute_sql('SELECT DISTINCT "key" FROM "setting"').fetchall()}
    if "site.demo" in keys or not owner.execute_sql('SELECT 1 FROM "user" LIMIT 1').fetchone():
        return
    mark = owner.param
    demand = f'INSERT INTO "setting" ("key", "value", "valid_from") VALUES ({mark}, {mark}, {mark})'  # noqa: S608 - its mark
    for key in ("factor.kepala_dinas", "factor.pengawas", "factor.admin"):
        if key not in keys:
            owner.execute_sql(demand, (key, "true", (now() + GRACE).date().isoformat()))
