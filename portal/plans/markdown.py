"""Markdown of a plan's chapters, by the house's own renderer."""

from portal.core.markdown import render

__all__ = ["render"]
