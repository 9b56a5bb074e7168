"""Voters on plain connections: each paper sent once, its answer read, lost, or not waited for."""

import json
import queue
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from bench.load import HOST
from bench.polls import Elector, OpenBallot, paper
from bench.storms.journal import Journal

HANGS_UP = 0.05
"""This share of voters sends the paper and does not wait for the answer."""
PAUSE_SECONDS = 0.3
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Sheet:
    """A paper filled in, with what was chosen and whose it is."""

    ballot: OpenBallot
    elector: Elector
    place: int
    sent: dict[str, str]


def fill_in(ballot: OpenBallot, elector: Elector, place: int) -> Sheet:
    """Fill in a paper, under a key of its own."""
    return Sheet(ballot, elector, place, paper(ballot, elector, place))


class Voter:
    """One connection that is opened again whenever it breaks."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)

    def send(self, sheet: Sheet, *, hangs_up: bool = False) -> tuple[str, str]:
        """Send a paper; return ("ack", receipt), ("refused", why) or ("unknown", why)."""
        headers = {
            "Cookie": sheet.elector.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            self.connection.request("POST", sheet.ballot.address, urlencode(sheet.sent), headers)
            if hangs_up:
                self.connection.close()
                return "unknown", "hung up"
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException) as error:
            self.connection.close()
            return "unknown", type(error).__name__
        if str(answer.status) == sheet.ballot.status:
            if sheet.ballot.is_sealed:
                return "ack", str(json.loads(body)["receipt"])
            return "ack", answer.headers["Location"].rsplit("/", 1)[-1]
        if answer.status >= 500:
            return "unknown", str(answer.status)
        return "refused", str(answer.status)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def write(journal: Journal, sheet: Sheet, outcome: tuple[str, str]) -> None:
    """Write down what came back."""
    what, said = outcome
    journal.write(what, key=sheet.sent["key"], **{"receipt" if what == "ack" else "answer": said})


def vote(port: int, sheets: list[Sheet], journal: Journal, *, voters: int, seed: int) -> None:
    """Let everybody vote once; who gets no answer waits a moment, and is not sent again here."""
    waiting: queue.SimpleQueue[Sheet] = queue.SimpleQueue()
    for sheet in sheets:
        waiting.put(sheet)

    def work(number: int) -> None:
        rng, voter = random.Random(seed * 1000 + number), Voter(port)
        with suppress(queue.Empty):
            while True:
                sheet = waiting.get_nowait()
                facts = {"ballot": sheet.ballot.id, "resident": sheet.elector.resident_id}
                journal.write("intent", key=sheet.sent["key"], place=sheet.place, **facts)
                outcome = voter.send(sheet, hangs_up=rng.random() < HANGS_UP)
                write(journal, sheet, outcome)
                if outcome[0] == "unknown" and outcome[1] != "hung up":
                    time.sleep(PAUSE_SECONDS)
        voter.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(voters)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send_again(port: int, sheets: list[Sheet], journal: Journal, *, times: int) -> None:
    """Send these papers again under the same keys, with patience, and write down the answers."""
    voter = Voter(port)
    for sheet in sheets:
        for _ in range(times):
            outcome = voter.send(sheet)
            for _ in range(5):
                if outcome[0] != "unknown":
                    break
                time.sleep(PAUSE_SECONDS)
                outcome = voter.send(sheet)
            write(journal, sheet, outcome)
    voter.close()
