"""The one door to `belenios-tool`: found or not, and run in a folder of its own. Pure."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "belenios-tool"
PACKAGE = "belenios-tool"
ABSENT = (
    f"{NAME} is not on this machine, so there are no ballots of high stakes: apt install {PACKAGE}"
)
SECONDS = 300
IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- memory, so that no choice and no key touch a disk


class Failed(Exception):
    """The tool did not do it. `step` is the command, `said` its last line; no secret is in them."""

    def __init__(self, step: str, said: str) -> None:
        super().__init__(f"{NAME} {step}: {said}")
        self.step, self.said = step, said


class Absent(Failed):
    """The tool is not on this machine."""

    def __init__(self) -> None:
        super().__init__("", ABSENT)


def find() -> Path | None:
    """Return where the tool is, or None: then ballots of high stakes are not offered."""
    found = shutil.which(NAME)
    return Path(found) if found else None


class Bench:
    """A folder in memory in which the tool works; it is gone with all in it when work is done."""

    def __init__(self, tool: Path, folder: Path) -> None:
        self._tool, self._folder = tool, folder

    def put(self, name: str, content: str | bytes) -> None:
        """Lay a file on the bench."""
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def take(self, name: str) -> str:
        """Read a text that the tool has laid down."""
        return (self._folder / name).read_text()

    def take_bytes(self, name: str) -> bytes:
        """Read a file that the tool has laid down."""
        return (self._folder / name).read_bytes()

    def find(self, ending: str) -> list[str]:
        """Return the names of the files that end so, sorted."""
        return sorted(path.name for path in self._folder.glob(f"*{ending}"))

    def run(self, *words: str, given: str = "") -> str:
        """Run one command of the tool and return what it printed; raise Failed if it refused.

        No shell, no setting of ours, nothing but this folder to work in, and not for ever.
        """
        step = " ".join(words[:2])
        try:
            done = subprocess.run(  # noqa: S603 -- the tool's own path, words of ours
                [str(self._tool), *words],
                input=given,
                capture_output=True,
                text=True,
                cwd=self._folder,
                env={"LC_ALL": "C.UTF-8", "BELENIOS_USE_URANDOM": "1"},
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise Failed(step, f"not done within {SECONDS} seconds") from late
        except (OSError, UnicodeError) as broken:
            raise Failed(step, str(broken)) from broken
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
            raise Failed(step, lines[-1].removeprefix(f"{NAME}: "))
        return done.stdout


@contextmanager
def bench() -> Iterator[Bench]:
    """Open a bench; raise Absent where there is no tool."""
    tool = find()
    if tool is None:
        raise Absent
    roof = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="booth-", dir=roof) as folder:
        yield Bench(tool, Path(folder))
