"""Measurements of the portal beside floors: the same work done by the barest code we can write."""
