"""How pages are addressed and downloads are handed out."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, current_app, request, url_for
from flask_sqlalchemy.pagination import Pagination
from werkzeug.routing import IntegerConverter, Map

PUBLIC_STATIC = Path(__file__).parents[1] / "static"


def village_blueprint(name: str, import_name: str, prefix: str = "") -> Blueprint:
    """Return a blueprint whose pages stand under `/v/<village_code>/…`."""
    return Blueprint(
        name, import_name, url_prefix=f"/v/<village_code>{prefix}", template_folder="templates"
    )


def region_blueprint(name: str, import_name: str, prefix: str = "") -> Blueprint:
    """Return a blueprint whose pages villages and the regions above them have alike."""
    blueprint = village_blueprint(name, import_name, prefix)
    blueprint.is_regional = True  # type: ignore[attr-defined]  # read where the place is found
    return blueprint


class RowNumber(IntegerConverter):
    """A number in a path that names a row: one beyond any row is no page."""

    def __init__(self, rules: Map, *args: Any, **limits: Any) -> None:
        super().__init__(rules, *args, **{"max": 2**31 - 1, **limits})


class Page(Pagination):
    """One page of a list that the service has cut already: `items` of `total`."""

    def _query_items(self) -> list[object]:
        return list(self._query_args["items"])

    def _query_count(self) -> int:
        return int(self._query_args["total"])


@lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    return hashlib.sha256((PUBLIC_STATIC / path).read_bytes()).hexdigest()[:10]


def static_url(path: str) -> str:
    """Return the address of a static file; it changes with the file's content."""
    if current_app.debug:
        _fingerprint.cache_clear()
        return url_for("static", filename=path, v=_fingerprint(path))
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("static_urls", {})
    key = (request.script_root if request else "", path)
    if key not in known:
        known[key] = url_for("static", filename=path, v=_fingerprint(path))
    return known[key]


def pdf_inline(content: bytes, filename: str) -> Response:
    """Return a public PDF to look at, with its Chinese name."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(filename, safe='')}"
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


def download(content: bytes, filename: str, mimetype: str) -> Response:
    """Return a file to keep, with its Chinese name; nobody on the way may store it."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def safe_next(fallback: str) -> str:
    """Return the page somebody wanted to go to, if it is one of ours; else the fallback."""
    wanted = request.values.get("next", "")
    try:
        parts = urlsplit(wanted)
    except ValueError:  # such as "//["
        return fallback
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and not parts.netloc and "\\" not in wanted else fallback
