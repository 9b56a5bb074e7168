"""Ballots: questions put to the electorate, cast once each, counted in integers."""
