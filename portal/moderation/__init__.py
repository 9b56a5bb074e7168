"""Fair moderation of anything people write: hidden with a reason, never deleted, always logged."""
