"""What a worker spends on a file: megabytes at its height, and seconds of the processor."""

import subprocess
import sys

from portal.media import making
from portal.media.rules import Kind, recognise


def spent_on(data: bytes) -> tuple[float, float]:
    """Return the memory (MB) and processor time (s) that the worker for this file spends."""
    kind, reader = recognise(data) or (None, "")
    if kind is None:
        return 0.0, 0.0
    worker = making.DARKROOM if kind is Kind.PHOTO else making.STUDIO
    script = f"""
import resource, runpy, sys
try:
    runpy.run_path({str(worker)!r}, run_name="__main__")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    [peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print("SPENT", peak, used.ru_utime + used.ru_stime, file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, reader], input=data, capture_output=True
    )
    [told] = [line for line in done.stderr.decode().splitlines() if line.startswith("SPENT")]
    _, kilobytes, seconds = told.split()
    return int(kilobytes) / 1024, float(seconds)
