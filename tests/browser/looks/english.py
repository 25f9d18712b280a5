"""Words that no screen may show: English ones, and keys of the program."""

import re
from collections.abc import Iterator

from babel.messages.pofile import read_po

from sop.procedure import HEAD
from sop.vocabulary import vocabulary
from tests.admin.server.test_language import MESSAGES

WORD = re.compile(r"[A-Za-z]{2,}")
KEY = re.compile(r"(?<![\w./@{-])[a-z]+(?:_[a-z0-9]+)+(?![\w./@}-])")  # as in row_due_at; {bulan_romawi} is typed


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHARED = _words("""
    admin an api as bank data debug detail ekspor email form format host id item menu no non normal online pin pm
    portal program server status super total unit url zip
""")
COMMON = _words("""
    the of and to is are was were be been being have has had having do does did doing will would shall should can
    could may might must not no yes on off by for from with without within into onto over under about after before
    between against during through above below up down out again further then once here there when where why how all
    any both each few more most other some such only own same so than too very just now this that these those it its
    he him his she her they them their we us our you your who whom which what if because until while else also back
    new old good bad first last next previous many much less least every never always often please sorry welcome
    hello thank thanks page pages home search save cancel delete edit create record records view views show hide
    open close closed add remove update submit send reset clear select selected choose upload download file files
    export import print login logout sign username password user users role roles name names number numbers time
    times day days week weeks month months year years today yesterday tomorrow hour hours minute minutes second
    seconds ago error errors failed failure success successful successfully warning warnings missing required
    optional invalid valid field fields value values empty none null true false nan undefined unknown unnamed
    untitled default settings setting option options help loading wait waiting done ready pending approve approved
    approval reject rejected return returned returns receive received raise raised dispose disposed handle handled
    deliver delivered forward forwarded duplicate duplicated void voided withdraw withdrawn reopen reopened correct
    corrected hold held resume resumed recall recalled refuse refused assist attempt supplement complaint complaints
    case cases citizen office head unit staff division paper papers row rows table column columns key keys step
    steps queue queues history event events draft drafts note notes sort sorted order ascending descending previous
    equal equals contains contain greater smaller between like action actions sure access denied forbidden found
    allowed method request response internal large many confirm confirmed change changed changes changing check
    checked line lines list text title titles type types content contents version versions kind made start started
    end ended finish finished late due urgent secret normal attachment attachments document documents picture
    pictures photo photos person people address phone reason reasons date birth birthday sex male female job
    work working holiday holidays january february march may june july august october december monday tuesday
    wednesday thursday friday saturday sunday
""")


def _of_libraries() -> Iterator[str]:
    """The words that Flask-Admin and WTForms say in English and our catalogues do not say in Indonesian."""
    for path in MESSAGES.glob("*.po"):
        with path.open("rb") as file:
            catalogue = [message for message in read_po(file, locale="id") if message.id]
        said = {word.lower() for message in catalogue for word in WORD.findall(str(message.string))}
        yield from ({word.lower() for message in catalogue for word in WORD.findall(str(message.id))} - said)


ENGLISH = (COMMON | set(_of_libraries()) | set(vocabulary().transitions)) - SHARED


def foreign(text: str) -> list[str]:
    """English words and raw keys in what a page says, the signed sheet's own words apart."""
    for signed in (*HEAD.equipment, *HEAD.qualifications):
        text = text.replace(signed, "")
    words = {word for word in WORD.findall(text) if word.lower() in ENGLISH}
    return sorted(words | set(KEY.findall(text)))
