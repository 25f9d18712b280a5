"""The days of the past: how many cases each had, when they came, what they were about and where from."""

from collections.abc import Iterator

from models.demo.agenda import Agenda
from models.demo.author import Author
from models.demo.plan import DemoText
from models.office.lists import Kelurahan

DAYS, SETTLED = 65, 7  # the first working day of the past and the last, counted backwards from the present
DAILY = ((4, 5), (3, 4), (2, 4), (2, 3), (1, 3))  # fewest and most, Monday to Friday
CAME = (4, 10, 11, 8, 5, 3, 4, 3, 1)  # of each hour from the opening on: most in the morning
HOUR = 60
PLACES = {"Kedungkandang": 27, "Sukun": 24, "Lowokwaru": 20, "Blimbing": 18, "Klojen": 11}
MEDIA = {"loket": 4, "whatsapp": 5, "kelurahan": 2, "upt_ppa": 2}  # others come once where these come so often
SUBJECTS = {
    "bansos_tidak_terima": 18,
    "data_dtsen": 15,
    "jkn_nonaktif": 14,
    "bansos_salah_sasaran": 6,
    "disabilitas": 5,
    "odgj": 5,
    "gepeng": 4,
    "lansia_telantar": 4,
    "orang_telantar": 3,
    "anak_telantar": 2,
    "anak_jalanan": 2,
    "layanan_kb": 5,
    "penyuluhan_kb": 2,
    "konseling_keluarga": 5,
    "hak_anak": 3,
    "pemberdayaan_perempuan": 3,
    "usaha_bersama": 4,
    "sumbangan": 2,
    "lembaga_sosial": 1,
    "kdrt": 5,
    "kekerasan_anak": 4,
    "kekerasan_perempuan": 3,
    "hak_asuh": 2,
    "perilaku_petugas": 2,
    "pungutan": 1,
    "mutu_layanan": 3,
    "bukan_kewenangan": 6,
}


class Days:
    """Draws what the days of the past brought, the earliest first."""

    def __init__(self, author: Author) -> None:
        self.author, self.rng = author, author.rng
        self.places: dict[str, list[Kelurahan]] = {}
        for place in author.people.kelurahan:
            self.places.setdefault(place.kecamatan, []).append(place)

    def moments(self) -> Iterator[tuple[int, int]]:
        """Which working day ago, and how many minutes after the opening."""
        for day in range(DAYS, SETTLED - 1, -1):
            count = self.rng.randint(*DAILY[_weekday(self.author.agenda, day)])
            yield from ((day, minutes) for minutes in sorted(self._minutes() for _ in range(count)))

    def _minutes(self) -> int:
        hour = self.rng.choices(range(len(CAME)), CAME)[0]
        return hour * HOUR + self.rng.randrange(HOUR)

    def text(self) -> tuple[DemoText, bool]:
        """What somebody complains of, and whether it comes the first time."""
        subject = self.rng.choices(list(SUBJECTS), list(SUBJECTS.values()))[0]
        unit = self.author.texts.categories[subject].unit.code
        text, is_first = self.author.texts.draw(unit, subject)
        media = [medium for medium in text["media"] for _ in range(MEDIA.get(medium, 1))]
        return {**text, "media": media}, is_first

    def title(self, text: DemoText, place: Kelurahan) -> str:
        """The category's own; nothing where the panel sees to that."""
        category = self.author.texts.categories[text["category"]]
        return "" if text["secret"] else str(category.title).replace("{kelurahan}", place.name)

    def place(self) -> Kelurahan:
        kecamatan = self.rng.choices(list(PLACES), list(PLACES.values()))[0]
        return self.rng.choice(self.places[kecamatan])


def _weekday(agenda: Agenda, day: int) -> int:
    """Of an office that works on a Saturday, too, that is a Friday more."""
    return min(agenda.day(day, 0).weekday(), len(DAILY) - 1)
