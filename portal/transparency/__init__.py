"""The public record: what the village published, with digests, in an order nobody can change."""
