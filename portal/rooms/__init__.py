"""Rooms where the village talks live: one order in each, and nothing said is lost."""
