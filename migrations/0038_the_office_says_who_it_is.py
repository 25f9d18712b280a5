"""What papers, numbers and screens say of the office has no default any more. An office that is at work already goes on
saying what it said: where no value of its own holds, the former default becomes one, from the first day on.
"""
# proves anew: setting

import json
from datetime import datetime, timedelta, timezone
from typing import Any

WIB = timezone(timedelta(hours=7))  # the clock of every office at that time
FIRST_DAY = "2020-01-01"
FORMER = {
    "office.government": "PEMERINTAH KOTA MALANG",
    "office.name": "DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,\n"
    "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
    "office.city": "MALANG",
    "office.area_code": "35.73",  # stood within the patterns
    "clock.zone": "WIB",
    "panel.office": "Dinas Sosial P3AP2KB Kota Malang",
    "emergency.line": "Ngalam 112\nPolisi 110\nSAPA 129",
}


def apply(owner: Any) -> None:
    if not any(owner.execute_sql(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() for table in ("user", "complaint")):  # noqa: S608 - own names
        return
    mark, today = owner.param, datetime.now(WIB).date().isoformat()
    in_force = owner.execute_sql(f'SELECT DISTINCT "key" FROM "setting" WHERE "valid_from" <= {mark}', (today,))  # noqa: S608 - its mark
    said = {key for (key,) in in_force.fetchall()}
    add = f'INSERT INTO "setting" ("key", "value", "valid_from") VALUES ({mark}, {mark}, {mark})'  # noqa: S608 - its mark
    for key, value in FORMER.items():
        if key not in said:
            owner.execute_sql(add, (key, json.dumps(value, ensure_ascii=False), FIRST_DAY))
