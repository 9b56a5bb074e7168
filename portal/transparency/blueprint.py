"""What the view modules of the public record share."""

from portal.core.pages import village_blueprint

bp = village_blueprint("transparency", __name__)
