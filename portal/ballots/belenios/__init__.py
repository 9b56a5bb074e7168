"""Ballots of high stakes: Belenios through `belenios-tool`, where the machine has it."""
