"""Surveys: questionnaires made as XLSForm, answered once per person on the roster, exported."""
