"""Django settings. Everything that differs between installations comes from the environment.

Importable without environment and database, so that checks and type checking need neither.
"""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from shopkeeper.config.desks import DESKS
from shopkeeper.foundation.database import address
from shopkeeper.foundation.database.embedded import socket_folder_for

PACKAGE_DIR = Path(__file__).resolve().parent.parent
PROJECT_DIR = PACKAGE_DIR.parent.parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


SHOPKEEPER_VAR = Path(os.environ.get("SHOPKEEPER_VAR", PROJECT_DIR / "var"))
SHOPKEEPER_DEMO = _flag("SHOPKEEPER_DEMO")
SHOPKEEPER_CLOCK = os.environ.get("SHOPKEEPER_CLOCK", "machine")  # or "simulated": stepped by the simulator
SHOPKEEPER_FONT_DIR = Path(os.environ.get("SHOPKEEPER_FONT_DIR", PACKAGE_DIR / "web" / "static" / "build" / "fonts"))
SHOPKEEPER_PUBLIC_URL = os.environ.get("SHOPKEEPER_PUBLIC_URL", "http://127.0.0.1:8000")
SHOPKEEPER_MASTER_KEY_FILE = Path(os.environ.get("SHOPKEEPER_MASTER_KEY_FILE", SHOPKEEPER_VAR / "keys" / "master.key"))
SHOPKEEPER_SABOTAGE = os.environ.get("SHOPKEEPER_SABOTAGE", "")  # heeded in simulated installations only
SHOPKEEPER_ROBOT_URL = os.environ.get("SHOPKEEPER_ROBOT_URL", "")
SHOPKEEPER_ROBOT_TOKEN = os.environ.get("SHOPKEEPER_ROBOT_TOKEN", "")
SHOPKEEPER_ROBOT_SECRET = os.environ.get("SHOPKEEPER_ROBOT_SECRET", "")
SHOPKEEPER_SMS_URL = os.environ.get("SHOPKEEPER_SMS_URL", "")
SHOPKEEPER_SMS_KEY_ID = os.environ.get("SHOPKEEPER_SMS_KEY_ID", "")
SHOPKEEPER_SMS_SECRET = os.environ.get("SHOPKEEPER_SMS_SECRET", "")
SHOPKEEPER_SMS_PUSH_KEY = os.environ.get("SHOPKEEPER_SMS_PUSH_KEY", "")
SHOPKEEPER_SMTP_URL = os.environ.get("SHOPKEEPER_SMTP_URL", "")  # smtp://host:port in plain, smtps:// with STARTTLS
SHOPKEEPER_SMTP_SENDER = os.environ.get("SHOPKEEPER_SMTP_SENDER", "")
SHOPKEEPER_SMTP_USER = os.environ.get("SHOPKEEPER_SMTP_USER", "")
SHOPKEEPER_SMTP_PASSWORD = os.environ.get("SHOPKEEPER_SMTP_PASSWORD", "")
SHOPKEEPER_COURIER_URL = os.environ.get("SHOPKEEPER_COURIER_URL", "")
SHOPKEEPER_COURIER_KEY = os.environ.get("SHOPKEEPER_COURIER_KEY", "")
SHOPKEEPER_COURIER_CUSTOMER = os.environ.get("SHOPKEEPER_COURIER_CUSTOMER", "")
SHOPKEEPER_COURIER_SECRET = os.environ.get("SHOPKEEPER_COURIER_SECRET", "")
SHOPKEEPER_COURIER_SALT = os.environ.get("SHOPKEEPER_COURIER_SALT", "")
# How long a killed process keeps what it had taken up (errands; keys of requests twice as long), in machine time.
SHOPKEEPER_LEASE_S = float(os.environ.get("SHOPKEEPER_LEASE_S", "60"))
SHOPKEEPER_REVEALS_PER_HOUR = int(os.environ.get("SHOPKEEPER_REVEALS_PER_HOUR", "120"))
# Batches of traffic that one address may send a shop; many visitors may stand behind one.
SHOPKEEPER_COLLECTOR_PER_MINUTE = int(os.environ.get("SHOPKEEPER_COLLECTOR_PER_MINUTE", "1200"))


def _secret_key() -> str:
    """The signing key: from the environment, or the file that the first start made."""
    given = os.environ.get("SHOPKEEPER_SECRET_KEY")
    if given:
        return given
    path = SHOPKEEPER_VAR / "keys" / "secret.key"
    return path.read_text().strip() if path.exists() else "only-for-checks-never-served"


SECRET_KEY = _secret_key()
DEBUG = _flag("SHOPKEEPER_DEBUG")
ALLOWED_HOSTS = os.environ.get("SHOPKEEPER_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SHOPKEEPER_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "template_partials",
    "django_htmx",
    "csp",
    "axes",
    "shopkeeper.foundation",
    "shopkeeper.web",
    "shopkeeper.sop",
    *DESKS,
    "shopkeeper.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shopkeeper.web.middleware.VisitorMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shopkeeper.config.urls"
WSGI_APPLICATION = "shopkeeper.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shopkeeper.web.context.shell",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """The one database; the session runs as the role that may not alter events and ledgers."""
    embedded = address.socket_url(socket_folder_for(SHOPKEEPER_VAR / "postgres"))
    url = address.outside_url() or embedded
    parts = conninfo_to_dict(url)
    role = "shopkeeper_app" if os.environ.get("SHOPKEEPER_DB_ROLE", "app") == "app" else ""
    options: dict[str, Any] = {"connect_timeout": 5, "application_name": "shopkeeper"}
    if role:
        options["options"] = f"-c role={role}"
    pool_size = int(os.environ.get("SHOPKEEPER_DB_POOL", "0"))
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "shopkeeper"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": bool(pool_size),
        "OPTIONS": options,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "foundation.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shopkeeper.web.static_files.VersionedFiles"},
}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True  # straight from the packages: nothing is collected, nothing can be stale
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # addresses carry the content's hash
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

CSRF_FAILURE_VIEW = "shopkeeper.web.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SHOPKEEPER_PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "worker-src": ["'self'"],
    }
}

SHOPKEEPER_ROLE_PERMISSIONS = "shopkeeper.config.roles.permissions_of"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHOPKEEPER_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
