"""A base map under the plan, where the operator has put one: one file, read in pieces."""

from flask import Response, abort, current_app, send_file

from portal.core.access import Part, requires


@requires(Part.ANYONE, on_behalf=True)
def base_map() -> Response:
    """Hand out the pieces of the PMTiles file that are asked for (206), or that there is none."""
    path = current_app.config["SETTINGS"].base_map
    if path is None or not path.is_file():
        abort(404)
    response = send_file(
        path, mimetype="application/vnd.pmtiles", conditional=True, max_age=86400, etag=True
    )
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
