"""Meetings: convened in time, opened and closed, and who was there as a fact."""
