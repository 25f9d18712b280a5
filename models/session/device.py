"""What somebody signs in with, in the plain words that its browser says of itself; nothing that would know it again."""

UNKNOWN = "Peramban tidak dikenal"
# The first word that stands there decides: browsers name those that they descend from as well.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_words(agent: str) -> str:
    """Browser and system of a User-Agent: "Chrome di Windows"."""
    browser, system = _named_in(agent, BROWSERS) or UNKNOWN, _named_in(agent, SYSTEMS)
    return f"{browser} di {system}" if system else browser


def _named_in(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for word, name in names if word in agent), "")
