"""Floors: what the machine and the libraries can do when nothing but the bare work is done."""
