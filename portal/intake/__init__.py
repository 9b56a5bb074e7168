"""Putting a plan in: one bundle or step by step, looked at before anything is kept."""
