"""Inbox: what a person is told: in the portal, by SMS, by web push."""
