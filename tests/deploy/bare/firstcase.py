"""An office's first day by https, typed into the panel's own forms: what must be filled in, people, and one complaint
from its receipt to its Berita Acara."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sop.procedure import BIDANG, KEPALA_DINAS, PETUGAS, ROWS
from tests.deploy.caller import Answer, Caller, link_in

PLACE = "/mnt/cadangan/panel"
CHOSEN = "kuda biru makan awan"
STORY = "Bantuan Ibu Siti berhenti sejak Agustus."
PEOPLE = {
    # role: (name to sign in with, unit, title of the post)
    PETUGAS: ("rina", "", ""),
    KEPALA_DINAS: ("wicaksono", "", "KEPALA DINAS"),
    BIDANG: ("bambang", "1", "KEPALA SEKRETARIAT"),
}
LETTERHEAD = {
    "government": "PEMERINTAH KOTA BATU",
    "name": "DINAS SOSIAL",
    "address": "Jalan Raya 1",
    "phone": "0341 000000",
    "city": "BATU",
    "unit_code": "403",
    "area_code": "35.79",
    "builtin": "y",
}
STEPS = [transition for row in ROWS for transition in row.transitions]
NewCaller = Callable[[str], Caller]


@dataclass
class Office:
    """The people of a new office, each at a browser of their own."""

    admin: Caller
    staff: dict[str, Caller]
    case: int = 0

    @classmethod
    def begin(cls, link: str, new_caller: NewCaller) -> "Office":
        """The administrator comes in by the link of the terminal, fills in what must be, and lets the others in."""
        admin = new_caller("pengelola")
        enter_first(admin, link)
        form = admin.form_on("/pengaturan/kop/", "unit_code")
        fields = {**dict(form.form_values()), **LETTERHEAD}
        _saved(admin.send("/pengaturan/kop/", "unit_code", **{name: str(value) for name, value in fields.items()}))
        office = cls(admin, {role: new_caller(role) for role in PEOPLE})
        office.fill_in("panel.office", "Dinas Sosial Kota Batu")
        office.fill_in("clock.zone", "WIB")
        for role, person in office.staff.items():
            _let_in(admin, person, role)
        office.fill_in("backup.place", PLACE)
        office.fill_in("backup.arranged", "Lembar kunci di lemari besi kantor")
        return office

    def moved(self, new_caller: NewCaller) -> "Office":
        """The same people at another server, each by the password that he had."""
        admin, staff = new_caller("pengelola"), {role: new_caller(role) for role in PEOPLE}
        assert admin.sign_in("pengelola", CHOSEN).code == 303
        for role, person in staff.items():
            assert person.sign_in(PEOPLE[role][0], CHOSEN).code == 303
        return Office(admin, staff, self.case)

    def fill_in(self, setting: str, value: str) -> None:
        _saved(self.admin.send(f"/pengaturan/new/?key={setting}", "value", value=value))

    def decide(self, choice: str) -> Answer:
        """Whether this server replaces another or is for practice, said on the page of the backups."""
        form = self.admin.form("/cadangan/", "password")  # of those that ask for it the first
        fields = {**form, "password": CHOSEN, "choice": choice}
        words = [word for name, value in fields.items() for word in ("--data-urlencode", f"{name}={value}")]
        return self.admin.ask("/cadangan/kedudukan", *words)

    def take_down(self) -> None:
        """The first complaint."""
        fields = {"medium": "1", "category": "1", "story": STORY, "pengadu-name": "Siti Maslikah"}
        answer = _saved(self.staff[PETUGAS].send("/pengaduan/new/", "story", **fields, do="save"))
        self.case = int(re.findall(r"\d+", answer.header("location"))[-1])

    def bring_to_its_end(self) -> None:
        """Each act of the sheet after the first, by the user whose turn it is."""
        for step in STEPS[1:]:
            path, actor = f"/pengaduan/langkah/{step.key}/", self.staff[step.actor]
            fields = dict(_filled(actor.form_on(f"{path}?id={self.case}", "cases")))
            words = [word for name, value in fields.items() for word in ("--data-urlencode", f"{name}={value}")]
            _saved(actor.ask(path, *words, "--data-urlencode", "do=perform"))

    def paper(self, title: str) -> bytes:
        """A paper of the case as its PDF, once it is printed."""
        petugas = self.staff[PETUGAS]
        page = petugas.ask(f"/pengaduan/details/?id={self.case}").text
        [path] = set(re.findall(rf'href="(/dokumen/[^"]+\.pdf)"[^>]*>[^<]*{title}', page))
        return petugas.fetch(path).partition(b"\r\n\r\n")[2]


def enter_first(admin: Caller, link: str) -> None:
    """By the one-time link, on the page of the first administrator, straight to the start page."""
    assert admin.ask(link).header("location") == "/pengelola-pertama"
    typed = {"name": "Budi Santoso", "username": "pengelola", "password": CHOSEN, "repeat": CHOSEN}
    entered = admin.send("/pengelola-pertama", "username", **typed)
    assert (entered.code, entered.header("location")) == (303, "/"), entered.text
    assert entered.header("set-cookie").startswith("__Host-panel=")
    assert "Wajib diisi" in admin.ask("/").text


def _saved(answer: Answer) -> Answer:
    assert answer.code == 303, re.findall(r'role="alert".*?</div>|class="error".*?</p>', answer.text, re.DOTALL)
    return answer


def _let_in(admin: Caller, person: Caller, role: str) -> None:
    """A user, the link by which he sets a password, and the post that he holds."""
    name, unit, title = PEOPLE[role]
    made = _saved(admin.send("/pengguna/new/", "username", username=name, name=name.title(), role=role, division=unit))
    link_page = made.header("location")
    person.set_password(link_in(admin.send(link_page, "csrf_token").text), CHOSEN)
    assert person.sign_in(name, CHOSEN).code == 303
    if title:
        [number] = re.findall(r"id=(\d+)", link_page)
        _saved(admin.send("/jabatan/new/", "holder", title=title, division=unit, holder=number))


def _filled(form: Any) -> Iterator[tuple[str, str]]:
    """What the form proposes, and something in each blank that must not be left."""
    proposed = dict(form.form_values())
    for field in form.inputs:
        name, needed = field.get("name"), field.get("required") is not None
        if name and needed and not str(proposed.get(name) or "").strip():
            proposed[name] = _something(field)
    yield from ((name, str(value)) for name, value in proposed.items())


def _something(field: Any) -> str:
    if field.tag == "select":
        return next(value for value in field.value_options if value)
    if field.get("type") == "radio":
        return str(field.get("value"))
    return str(field.get("min") or "Sesuai keadaan di lapangan.")
