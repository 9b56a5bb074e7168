"""Storms: processes are killed while everybody votes; the voters' own journal is the judge's."""
