"""Heavy libraries are read when they are first used: few processes need each of them.

The process that does the duties would otherwise hold every one of them for good.
"""

import importlib
from types import ModuleType


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        found: object = getattr(importlib.import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def lazily(name: str) -> ModuleType:
    """Return what stands for a module; the type checker is told of the real one beside it."""
    return _Later(name)
