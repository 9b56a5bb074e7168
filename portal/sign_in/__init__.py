"""Signing in: codes by phone, printed slips, second factors, sessions on the server."""
