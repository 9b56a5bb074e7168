"""Privacy: the privacy notice, consents, what is kept about me, and who looked at it."""
