"""What is joined to what when the application starts: a table of contents; no rule stands here."""

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy.orm import sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models  # noqa: F401 -- every noun must be known before the first page is made of them
from app import api, encrypted
from app.catalogues import TRANSLATIONS, compile_catalogues
from app.database import connect, sessions
from app.declare.province import serve
from app.security import keys, scope
from app.security.manager import SecurityManager
from app.services import attachments, checks, effects, media, paper_signing, passwords, provinces, shelf
from app.views import (
    access,
    assets,
    bodies,
    database,
    generator,
    headers,
    human,
    marked,
    messages,
    pages,
    pieces,
    shell,
    words,
)
from app.views.access import Access
from app.views.admin import Admin
from config import Settings, load

MEGABYTE = 1_048_576


def wire(settings: Settings | None = None) -> Flask:
    """Make the application: province, keys, database, walls, pages, in this order."""
    settings = settings or load()
    serve(provinces.load(settings.province))
    effects.check_bindings()
    checks.check_bindings()
    ring = keys.load(settings.keys, cipher=settings.cipher)
    encrypted.use(ring.ring)
    scope.install()
    shelf.use(settings.files)
    media.use(settings.lessons, most_megabytes=settings.lesson_megabytes)
    attachments.allow(settings.evidence_megabytes)
    paper_signing.use(
        settings.signing_file, settings.signing_password, demo=settings.demo, state=settings.state
    )
    passwords.use(settings.passwords)
    engine = connect(settings.database_url, pool=settings.threads)
    web = Flask("app", static_folder=None, template_folder=None)
    web.config.from_mapping(_configuration(settings, ring.session, sessions(engine)))
    web.wsgi_app = ProxyFix(web.wsgi_app, *[settings.proxy_hops] * 4)  # type: ignore[method-assign]  # as Flask says
    compile_catalogues()
    assets.dress(web)
    words.speak(web)
    with web.app_context():
        admin = Admin(session=database.registry(web))
        admin.init_app(web, database.registry(web))
        bodies.large_ones(web)
        forms = CSRFProtect(
            web
        )  # asked after it is known who is signed in: its refusal stands in his frame too
        programs = api.programs()
        forms.exempt(programs)
        web.register_blueprint(programs)
        pieces.dress(web)
        marked.dress(web)
        human.dress(web)
        shell.dress(web, admin)
        pages.add_pages(admin)
        generator.add_pages(admin)
        access.guard(
            web, dict.fromkeys(api.SIGNED, Access(signed=True)) | dict.fromkeys(api.OPEN, Access(public=True))
        )
        bodies.forms_only(web)
        headers.seal(web)
        messages.catch(web)
    return web


def _configuration(settings: Settings, secret: bytes, maker: sessionmaker) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SESSIONS": maker,
        "UNSIGNED_ENDPOINTS": frozenset({"ui.asset"}) | api.SIGNED | api.OPEN,
        "UNATTENDED_ENDPOINTS": frozenset({"HomePage.waiting"}),
        "SECRET_KEY": secret,
        "SESSION_COOKIE_NAME": "__Host-xueshi-form" if settings.secure else "xueshi-form",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure,
        "TRUSTED_HOSTS": list(settings.hosts),
        "MAX_CONTENT_LENGTH": (max(settings.workbook_megabytes, settings.evidence_megabytes) + 1) * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "LANGUAGES": {"zh": {"name": "中文"}, "en": {"name": "English"}},
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
        "FAB_SECURITY_MANAGER_CLASS": f"{SecurityManager.__module__}.{SecurityManager.__name__}",
        "FAB_UPDATE_PERMS": False,
        "FAB_CREATE_DB": False,
        "FAB_ADD_SECURITY_VIEWS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_API_MAX_PAGE_SIZE": 100,
        "RATELIMIT_STORAGE_URI": "memory://",
    }
