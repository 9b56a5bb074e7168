"""Assisting: entering things for somebody else, and vouching for who has no phone."""
