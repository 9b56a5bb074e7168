"""What of the opinions was entered by a helper, for those who watch over the help."""

from flask_babel import lazy_gettext as _l

from portal.assisting.ports import Entered
from portal.discussion.models import Comment

ENTERED = Entered(Comment, _l("Comments on plans"))
