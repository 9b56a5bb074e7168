"""What of the replies was entered by a helper, for those who watch over the help."""

from flask_babel import lazy_gettext as _l

from portal.assisting.ports import Entered
from portal.surveys.models import Reply

ENTERED = Entered(Reply, _l("Survey replies"))
