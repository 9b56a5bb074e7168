"""Public notices (公示): how long, where they hang, when they end."""
