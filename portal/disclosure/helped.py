"""What of the objections was entered by a helper, for those who watch over the help."""

from flask_babel import lazy_gettext as _l

from portal.assisting.ports import Entered
from portal.disclosure.life_models import DisclosureObjection

ENTERED = Entered(DisclosureObjection, _l("Objections to documents"))
