"""People: regions, villages, groups, households, residents, accounts and posts."""
