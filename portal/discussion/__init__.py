"""Where the village talks: numbered opinions on a plan, and one live room."""
