"""The office's mail server on a server's own network: `python -m tests.deploy.bare.mailserver FOLDER NAME`.

It speaks STARTTLS with a certificate of an authority of its own (FOLDER/authority.pem), takes e-mail of who has signed
in alone, prints its port, and then to whom each e-mail goes.
"""

import sys
import time
from pathlib import Path

from tests.models.email.taker import Taker, certificates, taking


def main(folder: Path, name: str) -> None:
    printed, taker = 0, Taker()
    with taking(taker, certificates(folder).signed(name), auth_required=True):
        print(taker.port, flush=True)
        while True:
            for _, to in taker.envelopes[printed:]:
                print(*to, flush=True)
                printed += 1
            time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
