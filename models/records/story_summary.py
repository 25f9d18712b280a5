"""Extractive summary of a complaint's story: its first informative sentence, and a summary for the Nota Dinas.

Pure functions of the text. The unit edits the summary, and the Berkas Asesmen has the full story. Personal numbers and
e-mail addresses are removed. Omissions are marked by "…", and line breaks are preserved.
"""

import re
from collections.abc import Iterator

READ = 4_000  # characters of a story that are processed: its subject is near the beginning
FEWEST = 3  # words of an informative sentence
LEFT_OUT = "…"  # marks an omission from the source text

_TITLES = ("bp", "bpk", "dr", "drs", "h", "hj", "ny", "nn", "prof", "sdr", "sdri", "tn", "yth")
_ABBREVIATED = frozenset((*_TITLES, "a.n", "gg", "jl", "jln", "kab", "kec", "kel", "wb", "wr"))
_COUNTED = frozenset(("km", "no", "rt", "rw", "tgl"))  # abbreviations if a number follows
_STOP = re.compile(r"[.!?]+[\"”)]?\s+|\n+")
_LETTER = re.compile(r"[^\W\d_]")
_AGAIN = re.compile(r"…(?: …)+")
GONE = "\0"  # placeholder of a removed number
_EMPTIED = re.compile(rf"(?:(?<=[.!?])|^) ?(?:{GONE}[ ,]*)+[.!?]+")  # the rest of a sentence that consisted of numbers
_ONLY_MARKED = re.compile(r"…[ .,!?]*")  # a sentence that consisted of a number
_CARD = r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)"  # sixteen digits: NIK or KK
_MOBILE = r"(?<![\d.])\(?(?:\+?62|0)\)?[ .–-]?\(?8\d(?:\)?[ .–-]?\d){6,10}(?!\d)"
_LANDLINE = r"(?<![\d.])\(?0[2-9]\d{1,2}\)?[ -]?\d{5,8}(?!\d)"
_LONG = r"(?<!rp)(?<!rp[ .])(?<!rp\. )(?<![\d.,])\d{9,}(?!\d|[.,]\d)"  # other long numbers, such as accounts
_PHONE = rf"(?:{_MOBILE}|{_LANDLINE}|{_LONG})"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}"
_NUMBER_LABEL = (
    r"\b(?:dengan |nomor |no\.? ?|ber)*(?:NIK|KTP|KK|HP|WA|telepon)\b(?: (?:saya|kami|beliau|nomor|no\.?|adalah))*"
)
_NUMBER = re.compile(
    rf"[,(]? ?{_NUMBER_LABEL} ?[:=]? ?(?:{_CARD}|{_PHONE})(?:\)|(?= ?(?:[,.!?]|$)))|(?:{_CARD}|{_PHONE}|{_MAIL})",
    re.IGNORECASE,
)

_ADDRESSEE = (
    r"(?: (?:bapak|ibu|pak|bu|kak|kakak|mas|mbak|min|admin|dinsos\w*|dinas sosial|puspaga|semua\w*)(?: ?/ ?\w+)?)"
)
_PRAYER = r"(?:[ ,.]*(?:wr|warr?[ao]hmatull?[ao]hi)\.?)?(?:[ ,.]*(?:wb|wabar[ao]kat\w*)\.?)?"
_GREETING = (
    r"bismillah\w*",
    rf"as+al+a+m\w*(?:[ '’`]*(?:mu|mualaikum|mu'?alaikum|alaikum))?{_PRAYER}{_ADDRESSEE}*",
    r"(?:salam|shalom|om swastiastu|namo buddhaya)\b(?: sejahtera| sehat| hormat)?(?: (?:untuk|bagi) kita semua)?",
    rf"(?:selamat|met) (?:pagi|siang|sore|petang|malam){_ADDRESSEE}*",
    rf"(?:pagi|siang|sore|malam)(?:{_ADDRESSEE}+|(?=[.!]|$))",
    rf"(?:permisi|halo+|hallo+|hai|punten|nuwun sewu|kulo ?nuwun)\b{_ADDRESSEE}*",
    r"dengan (?:segala )?hormat",
    r"(?:kepada )?(?:yth\b\.?|ytc\b\.?|yang terhormat\b)[^,.:\n]{0,80}(?=[,.:]|$)",
    r"kepada (?:bapak|ibu|dinas|kepala|pimpinan)\b[^,.:\n]{0,80}(?=[,.:])",
    r"(?:bapak|ibu|pak|bu|kak|min|admin)(?: ?/ ?\w+)?(?=,)",
    rf"(?:mohon |minta |sebelumnya )*maaf(?: (?:mengganggu|sebelumnya|menyita waktu\w*))*(?:{_ADDRESSEE})*(?=[,.!]|$)",
    r"(?:mohon|minta) (?:izin|ijin)(?: (?:bertanya|melapor|sebelumnya))?(?=[,.!]|$)",
    r"mohon (?:bantuan|perhatian|petunjuk|informasi|info|arahan)(?:nya)?(?=[,.!]|$)",
    r"mohon (?:menjadi perhatian|ditindaklanjuti|dibantu)(?=[,.!]|$)",
    r"(?:melalui|lewat) (?:surat|pesan)(?: elektronik)? ini,?",
    r"(?:dengan|bersama) (?:surat )?ini,?",
    r"(?:namun|jadi|begini|nah|oh ya),",
)
_BEGINS = re.compile(rf"(?:{'|'.join(_GREETING)})[\s,.!:;–-]*", re.IGNORECASE)

_MEANS = r"(?: (?:ingin|mau|hendak|akan|bermaksud|perlu|datang|untuk|hanya|sekadar|juga|dengan ini|mencoba))"
_TELLS = r"(?:menyampaikan|melaporkan|mengadukan|menerangkan|memberitahukan|menginformasikan|menceritakan)"
_SPEAKS = r"(?:me|nge)?lapor|mengadu|bercerita|bertanya|memberitahu|tanya"
_LINK = r"(?:,? (?:bahwa(?:sanya)?|tentang|mengenai|perihal|terkait|soal|kalau)\b|[:,])+"
_OBJECT = r"(?! (?:hal (?:ini|itu|tersebut)|ini|itu|ke|kepada|juga|lagi)\b)"
_ASKING = r"(?= (?:apa|apakah|bagaimana|kapan|kenapa|mengapa)\b)"
_REPORTING = rf"{_TELLS}\b(?: (?:laporan|pengaduan|aduan)(?={_LINK}))?(?:{_LINK}|{_OBJECT})"
_SPEAKING = rf"(?:{_SPEAKS})\b(?:{_LINK}|(?=[.!]|$)|{_ASKING})"
_ACT = rf"(?:{_REPORTING}|{_SPEAKING})"
_INSERTION = r"(?:,[^,.]{1,60},)?"
_WITH = r"(?: (?:dan|bersama) [^,.]{1,30}?)?"
_CAME = rf"{_WITH}(?: (?:datang|hadir|menelepon|menghubungi)\b[^,.]{{0,80}}?)?(?: (?:dan|lalu))?"
_AS = r"(?: (?:dari|selaku|sebagai|atas nama|warga) [^,.]{1,40}?)?"
_LEADS = re.compile(
    rf"(?:(?:pengadu|pelapor)\b{_INSERTION}{_CAME}{_MEANS}* |(?:saya|kami|aku)\b{_INSERTION}{_AS}{_MEANS}* |"
    rf"(?:ingin|mau|hendak|izin|mohon izin){_MEANS}* |(?=(?:{_TELLS}|{_SPEAKS})\b(?:{_LINK})))"
    rf"{_ACT}[\s,.:–-]*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:perkenalkan,? ?)(?:nama )?(?:saya|kami)?\b|(?:nama saya|saya bernama|nama lengkap saya)\b", re.IGNORECASE
)
_WANTS = re.compile(rf"\b(?:ingin|mau|hendak|bermaksud){_MEANS}* {_ACT}[\s,.:–-]*", re.IGNORECASE)
_ROLES = "adik|anak|ayah|bibi|ibu|kader|kakak|karyawan|ketua|orang tua|paman|pengasuh|pengurus|tetangga|wali|warga"
_EMPTY = re.compile(
    r"(?:terima ?kasih|makasih|matur nuwun|semoga|hormat (?:saya|kami)|was+alam\w*)\b.*"
    r"|(?:saya|kami) (?:tidak tahu|bingung) harus [^,]{0,60}\b(?:siapa|mana)"
    rf"|(?:saya|kami) (?:seorang )?(?:{_ROLES})\b[^,]{{0,30}}|saya bekerja (?:di|sebagai)\b[^,]{{0,30}}"
    r"|(?:saya|kami) tidak (?:ingin|mau|bermaksud) (?:ikut campur|menjatuhkan|menyinggung|merepotkan|mengganggu)[^,]*",
    re.IGNORECASE,
)


def first_sentence(story: str) -> str:
    """The first informative sentence, without its full stop; "" if there is none."""
    sentences = (sentence for sentence, _ in _sentences(_unnumbered(story[:READ])))
    return next((_as_first(matter) for s in sentences if (matter := _matter(s))), "").rstrip(" .!?;,:–-")


def informative_sentences(story: str) -> list[str]:
    """The sentences from the first informative one on, without personal numbers; all if none is informative."""
    sentences = [sentence for sentence, _ in _sentences(_unnumbered(story[:READ]))]
    for place, sentence in enumerate(sentences):
        if matter := _matter(sentence):
            return [_as_first(matter), *sentences[place + 1 :]]
    return sentences


def marked_sentences(story: str) -> list[tuple[str, str]]:
    """The sentences from the first informative one, or its headings, on, each with the separator that follows it;
    omissions after its beginning, also personal numbers, are replaced by LEFT_OUT."""
    separated = _sentences(_unnumbered(story[:READ], LEFT_OUT))
    sentences = [(LEFT_OUT if _ONLY_MARKED.fullmatch(sentence) else sentence, end) for sentence, end in separated]
    for place, (sentence, _) in enumerate(sentences):
        if not (matter := _matter(sentence)):
            continue
        first, beginning = place, matter
        if matter == sentence:
            first = _with_headings(sentences, place)
            beginning = sentences[first][0]
        if first or matter != sentence:
            beginning = _as_first(beginning.lstrip(f"{LEFT_OUT} \n"))
        return [(beginning, sentences[first][1]), *sentences[first + 1 :]]
    return sentences


def _with_headings(sentences: list[tuple[str, str]], place: int) -> int:
    """Index of the first of the headings directly before a sentence, such as "Kronologi:"."""
    while place and sentences[place - 1][0].endswith(":") and not _BEGINS.match(sentences[place - 1][0]):
        place -= 1
    return place


def _as_first(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _unnumbered(text: str, mark: str = "") -> str:
    """Remove NIK, KK, phone numbers and e-mail addresses, or replace them by `mark`, and normalise white space; line
    breaks stay, since they separate sentences."""
    lines = (
        " ".join(_NUMBER.sub(f" {mark} " if mark else GONE, " ".join(line.split())).split())
        for line in text.splitlines()
    )
    cleaned = (_AGAIN.sub(LEFT_OUT, line) if mark else _EMPTIED.sub("", line).replace(GONE, "") for line in lines)
    joined = (" ".join(line.split()) for line in cleaned)
    return "\n".join(re.sub(r" +(?=[,.!?])", "", line) for line in joined if line)


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """The sentences in order, each with the separator that follows it, a space or a line break. A full stop after an
    abbreviation does not end a sentence."""
    start = 0
    for stop in _STOP.finditer(text):
        if _only_abbreviates(text[start : stop.start()], stop[0], text[stop.end() : stop.end() + 1]):
            continue
        yield text[start : stop.end()].strip(), "\n" if "\n" in stop[0] else " "
        start = stop.end()
    if rest := text[start:].strip():
        yield rest, ""


def _only_abbreviates(before: str, stop: str, after: str) -> bool:
    """Whether a full stop belongs to an abbreviation: "Jl. Melati", "RT. 03"."""
    word = (before.rsplit(maxsplit=1) or [""])[-1].lower().lstrip("(")
    return stop == ". " and (word in _ABBREVIATED or (word in _COUNTED and after.isdigit()))


def _matter(sentence: str) -> str:
    """The informative part of a sentence; "" if it is only a greeting, an introduction or an announcement."""
    rest, named = sentence, False
    while lead := _BEGINS.match(rest) or _LEADS.match(rest) or _NAMED.match(rest):
        named = named or lead.re is _NAMED
        rest = rest[lead.end() :].lstrip()
    if named:
        wants = _WANTS.search(rest)
        rest = rest[wants.end() :] if wants else ""
    words = [word for word in rest.split() if _LETTER.search(word)]
    return "" if len(words) < FEWEST or _EMPTY.fullmatch(rest.rstrip(" .!")) else rest


MOST = 600  # characters
MORE = f" {LEFT_OUT}"
_ENDED = re.compile(r"[.!?][\"”)]?$")
_CLAUSE = re.compile(r"[,;:–](?= )")
Sentences = list[tuple[str, str]]  # (sentence, separator after it)


def gist_of(story: str) -> str:
    """The summary of a story, at most MOST characters. A first sentence that is longer is cut at a clause or a word."""
    sentences = marked_sentences(story)
    whole = _joined(sentences)
    if not whole.strip(f"{LEFT_OUT} \n"):
        return ""
    if len(whole) <= MOST and len(story) <= READ:
        return whole
    taken = _fitting(sentences)
    summary = _joined(_up_to_full_stop(taken)) if taken else _cut(sentences[0][0])
    return summary if summary.endswith(LEFT_OUT) else f"{summary}{MORE}"


def _fitting(sentences: Sentences) -> Sentences:
    """As many first sentences as fit into MOST characters, including MORE."""
    taken, room = Sentences(), MOST - len(MORE) + 1
    for sentence, end in sentences:
        room -= len(sentence) + 1
        if room < 0:
            break
        taken.append((sentence, end))
    return taken


def _up_to_full_stop(taken: Sentences) -> Sentences:
    """The sentences up to the last with a full stop, as a line break alone may be within a sentence; all of them if
    that leaves less than half of MOST."""
    last = max((place for place, (sentence, _) in enumerate(taken, 1) if _ENDED.search(sentence)), default=0)
    return taken[:last] if len(_joined(taken[:last])) > MOST / 2 else taken


def _joined(sentences: Sentences) -> str:
    return "".join(f"{sentence}{end}" for sentence, end in sentences).strip()


def _cut(sentence: str) -> str:
    """A long sentence cut at the last clause in its second half, else at a word, else anywhere."""
    part = sentence[: MOST - len(MORE)]
    clauses = [clause.start() for clause in _CLAUSE.finditer(part) if clause.start() > MOST / 2]
    at = clauses[-1] if clauses else part.rfind(" ")
    return (part[:at] if at > 0 else part).rstrip(" ,;:–-")
