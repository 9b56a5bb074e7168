"""What may be said in a room, by whom and when. Pure: no Flask, no database."""

LONGEST_MESSAGE = 1000
MESSAGES_A_MINUTE = 30
