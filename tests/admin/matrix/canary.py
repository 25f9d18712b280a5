"""What the matrix writes into each case to know it again: marks with a character that no random token has."""

import re
import string

TOKEN_CHARACTERS = frozenset(
    string.ascii_letters + string.digits + "+/=-_."
)  # base64 in both ways, hex, signed cookies

MARK = "KNR~{:03}"  # in title, story and names of a case
DRAFT = "DRF~{:03}"  # in what its unit is still writing
PHONE = "0899 777 {:03}"  # where its people are reached
NIK = "9999 0212 3456 7{:03}"  # who they are


def pattern(canary: str) -> re.Pattern[str]:
    """Finds any canary of the kind; its group is the number of the case in the grid."""
    return re.compile(re.escape(canary).replace(re.escape("{:03}"), r"(\d{3})"))
