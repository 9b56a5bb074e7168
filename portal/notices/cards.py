"""What notices offer to other pages."""

from portal.core.access import Part

EDITORS = (Part.COMMITTEE, Part.PLANNER, Part.ADMIN)
