"""What few processes need is not held by all: the duties of a county fit into 300 MB."""

import subprocess
import sys

from portal.core.lazily import lazily

HEAVY = {"pandas", "pyxform", "openpyxl", "pyogrio"}


def test_the_portal_begins_without_what_few_need() -> None:
    asked = "import sys, portal.app; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "portal" in loaded
    assert loaded & HEAVY == set()


def test_it_is_there_when_it_is_asked_for() -> None:
    sys.modules.pop("colorsys", None)
    later = lazily("colorsys")
    assert "colorsys" not in sys.modules
    assert later.rgb_to_hsv(1, 1, 1) == (0, 0, 1)
    assert "colorsys" in sys.modules
