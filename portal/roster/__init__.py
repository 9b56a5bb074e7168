"""The roster: how it is handed in, changed and handed out."""
