"""Villages: their profiles, how they and their staff are set up, and the region's pages."""
