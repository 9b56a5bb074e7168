"""A base map under the plan, where the operator has put one: one file, read in pieces."""

from pathlib import Path

from flask import Response, abort, current_app, send_file

from portal.core.access import Part, requires


def find_base_map() -> Path | None:
    """Return the file of the base map, where one is configured and there."""
    path = current_app.config["SETTINGS"].base_map
    return path if path is not None and path.is_file() else None


@requires(Part.ANYONE, on_behalf=True)
def base_map() -> Response:
    """Hand out the pieces of the PMTiles file that are asked for (206), or that there is none."""
    path = find_base_map() or abort(404)
    response = send_file(
        path, mimetype="application/vnd.pmtiles", conditional=True, max_age=86400, etag=True
    )
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
