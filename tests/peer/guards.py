"""Take one guard away, to see that the test behind it goes red without it."""

from contextlib import contextmanager

import pytest
import sqlalchemy
from sqlalchemy.orm import with_loader_criteria

from portal.core import access, scope


@contextmanager
def no_part_is_asked():
    """Let everybody through every door."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "may", lambda *_parts: True)
        yield


@contextmanager
def no_village_is_asked():
    """Let a page of one village read the rows of another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            scope,
            "with_loader_criteria",
            lambda rows, _criterion, **_how: with_loader_criteria(
                rows, lambda _cls: sqlalchemy.true(), include_aliases=True
            ),
        )
        yield
