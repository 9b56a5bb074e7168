"""Proposals of residents: co-signed, talked over by the council, and carried out or declined."""
