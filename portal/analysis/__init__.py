"""Checks that planners rely on: balances, conflicts, intensity, coverage, scenarios."""
