"""The village planning portal. This file stays empty: rules must import without Flask."""
