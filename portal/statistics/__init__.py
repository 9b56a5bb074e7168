"""Statistics: who takes part and who is missing, counted by one definition each."""
