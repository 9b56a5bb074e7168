"""What becomes of a plan in force: who does what until when, how far it is, what is amiss."""
