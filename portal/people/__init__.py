"""People: regions, villages, groups, households, residents, accounts, sessions and sign-in."""
