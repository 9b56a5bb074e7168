"""The blueprint on which all pages of moderation hang."""

from portal.core.pages import village_blueprint

bp = village_blueprint("moderation", __name__, "/moderation")
