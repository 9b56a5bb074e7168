"""Puts the house together and opens its door."""

from typing import Any

import jinja2
from flask import Flask, Response, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DataError, NoResultFound
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, features
from portal.config import SecondFactor, Settings, Sms, Streams
from portal.core import clock, fragments, jobs, look, pages, scope, words
from portal.core.access import Part, heed_only_proven, may
from portal.core.db import db, engine_options, render_item
from portal.core.outside import House
from portal.core.slots import desk_links, village_links
from portal.inbox import service as inbox
from portal.people import service as people
from portal.privacy import views as privacy_views
from portal.sign_in import sessions, sms, tencent, wechat

csrf = CSRFProtect()


def create_app(settings: Settings | None = None, **flask_config: object) -> Flask:
    """Build the portal, ready to serve."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_NAME="__Host-form" if settings.production else "form",
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="zh_Hans",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "image/svg+xml"],
        COMPRESS_BR_LEVEL=4,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        SECOND_FACTOR_REQUIRED=settings.second_factor is SecondFactor.REQUIRED,
        STREAMS=settings.streams,
        STREAM_ORIGIN=settings.stream_origin,
        PAGE_ORIGIN=settings.page_origin,
    )
    app.config.from_mapping(flask_config)
    app.jinja_options = {"undefined": jinja2.StrictUndefined, "trim_blocks": True}
    app.jinja_options["lstrip_blocks"] = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # how Flask says to do it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    db.init_app(app)
    csrf.init_app(app)
    Compress(app)
    Babel(
        app,
        default_translation_directories="../translations",
        locale_selector=lambda: g.look.language if "look" in g else look.LANGUAGES[0],
    )
    Migrate(app, db, render_as_batch=True, render_item=render_item)
    app.extensions["sms"] = make_sms_sender(settings)
    app.extensions["wechat"] = make_wechat(settings)
    _prepare_templates(app)
    _prepare_requests(app, settings)
    app.url_map.converters["int"] = pages.RowNumber
    features.join(app, csrf)
    app.extensions["jobs"] = jobs.make_queue(app, settings.jobs_path, features.CHORES)
    cli.register(app, features.DEMO_LOADERS, features.COMMANDS)
    return app


def make_sms_sender(settings: Settings) -> sms.Sender | None:
    """Return who brings messages to phones, or None where nobody does."""
    if settings.sms is Sms.TENCENT:
        return tencent.TencentSender(
            tencent.Account(
                secret_id=settings.sms_secret_id,
                secret_key=settings.sms_secret_key.get_secret_value(),
                app_id=settings.sms_app_id,
                sign_name=settings.sms_sign_name,
                templates={
                    sms.Kind.CODE: settings.sms_code_template,
                    sms.Kind.NOTICE: settings.sms_notice_template,
                },
                region=settings.sms_region,
            ),
            House(settings.sms_endpoint),
        )
    return sms.ConsoleSender() if settings.sms is Sms.CONSOLE else None


def make_wechat(settings: Settings) -> wechat.WeChat | None:
    """Return WeChat as a door, or None where this house has no service account."""
    secret = settings.wechat_secret.get_secret_value()
    if not secret:
        return None
    house = House(settings.wechat_endpoint)
    return wechat.WeChat(settings.wechat_app_id, secret, settings.wechat_door, house)


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.globals.update(
        get_locale=get_locale,
        static_url=pages.static_url,
        kept=fragments.kept,
        may=may,
        now=clock.now,
    )
    app.jinja_env.globals.update(words.GLOBALS, desk_links=desk_links, village_links=village_links)
    app.context_processor(lambda: {"village": g.get("village"), "viewer": g.get("viewer")})


def _prepare_requests(app: Flask, settings: Settings) -> None:
    session_cookie = "__Host-sid" if settings.production else "sid"
    app.config["SIGN_IN_COOKIE"] = session_cookie
    policy = (
        f"default-src 'self'; connect-src 'self' {settings.stream_origin}".rstrip()
        + "; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'"
        "; form-action 'self'; frame-ancestors 'none'"
    )

    @app.url_value_preprocessor
    def find_village(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        """Take the village out of the address: pages never see its code."""
        g.look = look.read(request.cookies.get(look.COOKIE, ""))
        g.village = g.viewer = None
        code = values.pop("village_code", None) if values else None
        if code is not None:
            _enter(app, code)

    @app.url_defaults
    def name_village(endpoint: str, values: dict[str, Any]) -> None:
        """Keep links inside the village of the page."""
        if (
            "village_code" not in values
            and g.get("village") is not None
            and app.url_map.is_endpoint_expecting(endpoint, "village_code")
        ):
            values["village_code"] = g.village.code

    @app.before_request
    def find_viewer() -> None:
        token = request.cookies.get(session_cookie)
        if token and request.endpoint != "static":
            g.viewer = sessions.find_viewer(
                token,
                place=g.village,
                now=clock.now(),
                is_factor_required=app.config["SECOND_FACTOR_REQUIRED"],
                unread=inbox.UNREAD,
            )
            heed_only_proven(app.view_functions.get(request.endpoint or ""))

    @app.before_request
    def keep_groups_apart() -> None:
        """Streams are served by processes of their own, so that readers never starve pages."""
        view = app.view_functions.get(request.endpoint or "")
        is_stream = getattr(view, "is_stream", False)
        if settings.streams is not Streams.BOTH and is_stream != (
            settings.streams is Streams.STREAMS
        ):
            abort(404)

    app.before_request(keep_closed)
    app.before_request(privacy_views.hold)
    app.after_request(privacy_views.lead_to_notice)
    _prepare_answers(app, settings, policy)


def _enter(app: Flask, code: str) -> None:
    """Enter the place of the address; regions have but some of the pages."""
    place = people.find_place(code)
    if place is None:
        abort(404)
    if not place.is_village and not _is_regional(app):
        if request.endpoint == "people.home":
            abort(redirect(url_for("regions.home", village_code=code)))
        abort(404)
    g.village = place
    scope.enter_village(place.id)


def _is_regional(app: Flask) -> bool:
    return bool(getattr(app.blueprints.get(request.blueprint or ""), "is_regional", False))


def keep_closed() -> None:
    """Let only those who look after a closed village in, and whoever signs in to do so."""
    is_closed = g.village is not None and g.village.closed_at is not None
    if is_closed and request.blueprint != "sign_in" and not may(Part.ADMIN, Part.OPERATOR):
        abort(404)


def _prepare_answers(app: Flask, settings: Settings, policy: str) -> None:
    """Give every answer its headers, and every error its page."""

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
        if settings.production:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            private = g.get("viewer") is not None or session.modified
            headers.setdefault("Cache-Control", "private, no-store" if private else "no-cache")
            response.vary.add("Cookie")
        if close := getattr(response.response, "close", None):
            response.call_on_close(close)  # Flask-Compress reads a file, but never closes it
        return response

    app.register_error_handler(NoResultFound, lambda _: show_error(404))
    for beyond in (DataError, OverflowError):  # a value of a form or address that fits into no row
        app.register_error_handler(beyond, lambda _: show_error(422))
    app.register_error_handler(CSRFError, lambda _: show_error(400))
    app.register_error_handler(HTTPException, lambda error: show_error(error.code or 500, error))


def show_error(status: int, error: HTTPException | None = None) -> ResponseReturnValue:
    """Say what happened, that nothing is lost, and what to do."""
    if error is not None and (error.response is not None or status < 400):
        return error.get_response()
    db.session.rollback()
    if status == 401 and g.get("owes_proof"):  # not unknown: yet to be proven
        status, g.is_factor_missing = 403, True
    return render_template("error.html", code=status), status
