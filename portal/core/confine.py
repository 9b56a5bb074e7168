"""What the process that opens a stranger's file may not do: use more, reach the network, run.

Limits of memory, processor and file size hold everywhere; on Linux a filter of system calls
forbids sockets and other programs as well.
"""

import ctypes
import platform
import resource
import struct

EPERM_ANSWER = 0x00050001
ALLOW = 0x7FFF0000
_MACHINES = {
    # architecture's number for the filter, then the calls: socket, socketpair, execve, execveat
    "x86_64": (0xC000003E, (41, 53, 59, 322)),
    "aarch64": (0xC00000B7, (198, 199, 221, 281)),
}
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def confine(*, memory: int, seconds: int, file_size: int) -> None:
    """Set the limits for this process; ``memory`` is what it may take beyond what it has now."""
    limit = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    forbid()


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as line:  # noqa: PTH123 -- no pathlib here
            return int(line.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 400_000_000


def forbid() -> bool:
    """Forbid sockets and other programs for good; say whether this machine can."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    architecture, calls = _MACHINES[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, ALLOW),
        (_LOAD, 0, 0, 0),
    ]
    for place, call in enumerate(calls):
        steps.append((_EQUAL, len(calls) - place, 0, call))
    steps += [(_RETURN, 0, 0, ALLOW), (_RETURN, 0, 0, EPERM_ANSWER)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HL", len(steps), ctypes.addressof(kept))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(system.prctl(_SECCOMP, _FILTER, program, 0, 0) == 0)
