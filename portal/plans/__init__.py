"""Plans: versions with map, goals, indicators, projects and texts; notices and their clock."""
