"""The blueprint that the view modules of signing in share."""

from portal.core import pages

bp = pages.region_blueprint("sign_in", __name__)
