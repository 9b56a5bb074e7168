"""The blueprint of the ballots of high stakes."""

from portal.core.pages import village_blueprint

bp = village_blueprint("belenios", __name__, "/ballots/<int:ballot_id>/belenios")
