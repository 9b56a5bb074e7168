"""What the process that opens a stranger's file may not do: use more, reach the network, run.

Limits of memory, processor and file size hold everywhere; on Linux a filter of system calls
forbids sockets and other processes as well. It is started with `BARE` for its environment: the
portal's own holds the keys.
"""

import ctypes
import platform
import resource
import struct

BARE = {"LC_ALL": "C.UTF-8"}
EPERM_ANSWER, ENOSYS_ANSWER = 0x00050001, 0x00050026
ALLOW = 0x7FFF0000
_MACHINES = {
    # architecture's number for the filter, its call clone, then those that are forbidden:
    # socket, socketpair, execve, execveat, io_uring_setup; and of the first fork and vfork
    "x86_64": (0xC000003E, 56, (41, 53, 59, 322, 425, 57, 58)),
    "aarch64": (0xC00000B7, 220, (198, 199, 221, 281, 425)),
}
_CLONE3, _THREAD, _X32 = 435, 0x10000, 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
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
    """Forbid sockets and other processes for good, threads not; say whether this machine can."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    architecture, clone, calls = _MACHINES[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, EPERM_ANSWER),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, 0, 1, _X32),  # the same calls by other numbers
        (_RETURN, 0, 0, EPERM_ANSWER),
        (_EQUAL, 0, 1, _CLONE3),  # what it is to do cannot be looked at; clone is tried instead
        (_RETURN, 0, 0, ENOSYS_ANSWER),
        (_EQUAL, 0, 4, clone),
        (_LOAD, 0, 0, 16),
        (_ANY_OF, 0, 1, _THREAD),
        (_RETURN, 0, 0, ALLOW),
        (_RETURN, 0, 0, EPERM_ANSWER),
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
