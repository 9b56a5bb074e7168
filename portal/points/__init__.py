"""Points: what people do for their village, kept in a ledger that nobody can rewrite."""
