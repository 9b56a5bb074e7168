"""Puts the house together. The only module that knows every feature."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
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

from portal import cli, demo
from portal.assisting import demo as assisting_demo
from portal.assisting import jobs as assisting
from portal.assisting import personal as assisting_personal
from portal.assisting import ports as helping
from portal.assisting import views as assisting_views
from portal.ballots import demo as ballots_demo
from portal.ballots import helped as ballots_helped
from portal.ballots import messages as ballots_messages
from portal.ballots import personal as ballots_personal
from portal.ballots import views as ballots_views
from portal.ballots.importing import import_pb
from portal.ballots.in_use import BallotsUnderWay
from portal.config import SecondFactor, Settings, Sms, Streams
from portal.core import clock, fragments, jobs, limits, look, outbox, pages, personal, scope, words
from portal.core.access import Part, may
from portal.core.db import db, engine_options, render_item
from portal.core.outside import House
from portal.core.slots import Link, Slot, Source, desk_links, village_links
from portal.disclosure import demo as disclosure_demo
from portal.disclosure import personal as disclosure_personal
from portal.disclosure import service as disclosure
from portal.disclosure import views as disclosure_views
from portal.discussion import demo as discussion_demo
from portal.discussion import helped as discussion_helped
from portal.discussion import personal as discussion_personal
from portal.discussion import views as discussion_views
from portal.inbox import beside as inbox_beside
from portal.inbox import delivering, kinds
from portal.inbox import demo as inbox_demo
from portal.inbox import messages as inbox_messages
from portal.inbox import personal as inbox_personal
from portal.inbox import ports as inbox_ports
from portal.inbox import safety as inbox_safety
from portal.inbox import service as inbox
from portal.inbox import views as inbox_views
from portal.inbox.cli import make_push_key
from portal.inbox.rules import Way
from portal.moderation import messages as moderation_messages
from portal.moderation import personal as moderation_personal
from portal.moderation import views as moderation_views
from portal.people import personal as people_personal
from portal.people import service as people
from portal.people import views as people_views
from portal.plans import demo as plans_demo
from portal.plans import messages as plans_messages
from portal.plans import notices
from portal.plans import personal as plans_personal
from portal.plans import views as plans_views
from portal.plans.profile import VillagePlans
from portal.points import demo as points_demo
from portal.points import messages as points_messages
from portal.points import personal as points_personal
from portal.points import views as points_views
from portal.privacy import demo as privacy_demo
from portal.privacy import erasing
from portal.privacy import personal as privacy_personal
from portal.privacy import ports as privacy_ports
from portal.privacy import service as privacy
from portal.privacy import views as privacy_views
from portal.privacy.rules import Purpose
from portal.roster import cli as roster_cli
from portal.roster import imports as roster_imports
from portal.roster import personal as roster_personal
from portal.roster import ports as roster_ports
from portal.roster import views as roster_views
from portal.sign_in import personal as sign_in_personal
from portal.sign_in import service as signing_in
from portal.sign_in import sessions, sms, tencent, wechat
from portal.sign_in import views as sign_in_views
from portal.statistics import views as statistics_views
from portal.surveys import demo as surveys_demo
from portal.surveys import helped as surveys_helped
from portal.surveys import messages as surveys_messages
from portal.surveys import personal as surveys_personal
from portal.surveys import views as surveys_views
from portal.transparency import ports as record
from portal.transparency import views as transparency_views
from portal.transparency.cli import verify
from portal.villages import demo as villages_demo
from portal.villages import personal as villages_personal
from portal.villages import ports as village_ports
from portal.villages import region_views, staff_views
from portal.villages import service as villages
from portal.villages import views as villages_views
from portal.villages.cli import operator

# From the lowest rung of the ladder up.
FEATURES = (
    people_views,
    sign_in_views,
    roster_views,
    inbox_views,
    villages_views,
    staff_views,
    region_views,
    privacy_views,
    assisting_views,
    transparency_views,
    plans_views,
    moderation_views,
    ballots_views,
    discussion_views,
    surveys_views,
    points_views,
    statistics_views,
    disclosure_views,
)
SLOTS: dict[Slot, tuple[Source, ...]] = {
    Slot.HOME: (
        inbox_views.home_cards,
        assisting_views.home_cards,
        plans_views.home_cards,
        ballots_views.home_cards,
        surveys_views.home_cards,
        discussion_views.home_cards,
        disclosure_views.home_cards,
    ),
    Slot.TAKE_PART: (
        ballots_views.take_part_cards,
        surveys_views.take_part_cards,
        plans_views.take_part_cards,
    ),
    Slot.PLAN: (ballots_views.plan_cards, discussion_views.plan_cards),
    Slot.ME: (
        inbox_views.me_cards,
        assisting_views.me_cards,
        ballots_views.me_cards,
        discussion_views.me_cards,
        surveys_views.me_cards,
        points_views.me_cards,
        roster_views.me_cards,
        privacy_views.me_cards,
        sign_in_views.me_cards,
    ),
    Slot.DESK: (
        inbox_views.desk_cards,
        assisting_views.desk_cards,
        roster_views.desk_cards,
        villages_views.desk_cards,
        privacy_views.desk_cards,
        plans_views.desk_cards,
        ballots_views.desk_cards,
        moderation_views.desk_cards,
        surveys_views.desk_cards,
        points_views.desk_cards,
        statistics_views.desk_cards,
        disclosure_views.desk_cards,
    ),
}
DESK_LINKS: tuple[Link, ...] = (
    *roster_views.DESK_LINKS,
    *inbox_views.DESK_LINKS,
    *sign_in_views.DESK_LINKS,
    *assisting_views.DESK_LINKS,
    *villages_views.DESK_LINKS,
    *privacy_views.DESK_LINKS,
    *plans_views.DESK_LINKS,
    *ballots_views.DESK_LINKS,
    *moderation_views.DESK_LINKS,
    *surveys_views.DESK_LINKS,
    *points_views.DESK_LINKS,
    *statistics_views.DESK_LINKS,
    *disclosure_views.DESK_LINKS,
)
VILLAGE_LINKS: tuple[Link, ...] = (
    *villages_views.VILLAGE_LINKS,
    *plans_views.VILLAGE_LINKS,
    *ballots_views.VILLAGE_LINKS,
    *disclosure_views.VILLAGE_LINKS,
    *statistics_views.VILLAGE_LINKS,
    *moderation_views.VILLAGE_LINKS,
    *assisting_views.VILLAGE_LINKS,
    *privacy_views.VILLAGE_LINKS,
)
CHORES: tuple[jobs.Chore, ...] = (
    signing_in.prune,
    limits.prune,
    assisting.close_over,
    inbox.prune,
    roster_imports.prune,
    outbox.prune,
    assisting_personal.prune,
    erasing.forget_departed,
    erasing.forget_echoes,
)
HANDLERS = outbox.joined(
    inbox_messages.HANDLERS,
    inbox_safety.HANDLERS,
    inbox_beside.HANDLERS,
    plans_messages.HANDLERS,
    moderation_messages.HANDLERS,
    ballots_messages.HANDLERS,
    surveys_messages.HANDLERS,
    points_messages.HANDLERS,
)
# What is kept about people, the lowest first: shown to them, handed out, forgotten.
KEEPERS: tuple[personal.Keeper, ...] = (
    people_personal.KEEPER,
    sign_in_personal.KEEPER,
    roster_personal.KEEPER,
    inbox_personal.KEEPER,
    villages_personal.KEEPER,
    privacy_personal.KEEPER,
    assisting_personal.KEEPER,
    plans_personal.KEEPER,
    moderation_personal.KEEPER,
    ballots_personal.KEEPER,
    discussion_personal.KEEPER,
    surveys_personal.KEEPER,
    points_personal.KEEPER,
    disclosure_personal.KEEPER,
)
# What every process does every few seconds, one process at a time.
DUTIES: tuple[jobs.Duty, ...] = (outbox.handle_waiting, delivering.deliver_waiting)
# Every feature's words for what it tells people.
MESSAGES: tuple[Mapping[str, kinds.Kind], ...] = (
    inbox_messages.KINDS,
    inbox_safety.KINDS,
    inbox_beside.KINDS,
    plans_messages.KINDS,
    moderation_messages.KINDS,
    ballots_messages.KINDS,
    surveys_messages.KINDS,
    points_messages.KINDS,
)
DEMO_LOADERS: tuple[demo.Loader, ...] = (
    villages_demo.load,
    assisting_demo.load,
    plans_demo.load,
    ballots_demo.load,
    discussion_demo.load,
    surveys_demo.load,
    points_demo.load,
    disclosure_demo.load,
    privacy_demo.load,
    inbox_demo.load,
)
COMMANDS = (import_pb, verify, roster_cli.roster, make_push_key, operator)

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
    _join(app)
    app.extensions["jobs"] = jobs.make_queue(app, settings.jobs_path, CHORES)
    cli.register(app, DEMO_LOADERS, COMMANDS)
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


def _agreed(account_ids: Collection[int], way: Way) -> set[int]:
    """Tell the inbox who agreed to be told by a way."""
    return privacy.with_consent(account_ids, Purpose(way.value))


def _agree(account_id: int, way: Way, is_given: bool, now: datetime) -> bool:
    """Keep for the inbox what somebody agreed to on its pages."""
    return privacy.say(account_id, Purpose(way.value), is_given=is_given, now=now)


def _join(app: Flask) -> None:
    """Let every feature in, and fill the places that they leave to each other."""
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    roster_ports.answer(BallotsUnderWay())
    village_ports.answer(VillagePlans())
    privacy_ports.answer(_office)
    record.answer(notices.RECORD_KIND, notices.VersionKeeper())
    record.answer(disclosure.RECORD_KIND, disclosure.FileKeeper())
    helping.answer("ballots", ballots_helped.ENTERED)
    helping.answer("discussion", discussion_helped.ENTERED)
    helping.answer("surveys", surveys_helped.ENTERED)
    csrf.exempt(f"{people_views.__name__}.{people_views.preferences.__name__}")
    slots: defaultdict[Slot, list[Source]] = defaultdict(list)
    for slot, sources in SLOTS.items():
        slots[slot].extend(sources)
    app.extensions["slots"] = slots
    outbox.subscribe(app, HANDLERS)
    kinds.join(app, *MESSAGES)
    inbox_ports.answer(given=_agreed, say=_agree)
    app.extensions["duties"] = DUTIES
    app.extensions["keepers"] = KEEPERS
    app.extensions["desk_links"] = DESK_LINKS
    app.extensions["village_links"] = VILLAGE_LINKS


def _office() -> privacy_ports.Office:
    """Tell privacy where the committee is found, as the village itself tells it."""
    profile = villages.find_profile()
    return privacy_ports.Office(
        address=profile.address if profile else "",
        phone=profile.phone if profile else "",
        hours=profile.office_hours if profile else "",
    )


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
        + "; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
        "; frame-ancestors 'none'"
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
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if settings.production:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            private = g.get("viewer") is not None or session.modified
            headers.setdefault("Cache-Control", "private, no-store" if private else "no-cache")
            response.vary.add("Cookie")
        if close := getattr(response.response, "close", None):
            response.call_on_close(close)  # Flask-Compress reads a file, but never closes it
        return response

    for missing in (NoResultFound, DataError, OverflowError):  # the latter: an id beyond any row
        app.register_error_handler(missing, lambda _: show_error(404))
    app.register_error_handler(CSRFError, lambda _: show_error(400))
    app.register_error_handler(HTTPException, lambda error: show_error(error.code or 500, error))


def show_error(status: int, error: HTTPException | None = None) -> ResponseReturnValue:
    """Say what happened, that nothing is lost, and what to do."""
    if error is not None and (error.response is not None or status < 400):
        return error.get_response()
    db.session.rollback()
    return render_template("error.html", code=status), status
