"""Pages of the meetings."""

from portal.meetings.blueprint import bp

__all__ = ["bp"]
