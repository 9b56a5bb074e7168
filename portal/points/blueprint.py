"""The blueprint on which all pages of the points hang."""

from portal.core.pages import village_blueprint

bp = village_blueprint("points", __name__, "/points")
