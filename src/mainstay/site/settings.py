"""Every setting that must be known before the database opens; the rest are rows (`kernel.practice.settings`).

The environment decides, with defaults fit for the embedded instance: see `docs/operating/settings.md`.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.accounts.gateways import providers
from mainstay.site.operations import instance

PACKAGE = Path(__file__).resolve().parents[1]
HOME = instance.home()

# --- Where it is reached
PORT = int(os.environ.get("MAINSTAY_PORT", "8000"))
#: The address people type; links in mails start with it.
BASE_URL = os.environ.get("MAINSTAY_URL", f"http://localhost:{PORT}").rstrip("/")
HTTPS = urlsplit(BASE_URL).scheme == "https"
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DEBUG = False
SECRET_KEY = instance.secret_key()
#: Networks in which hosts that somebody enters may lie, besides the public internet: mail servers, token endpoints.
INTERNAL_NETWORKS = [
    ip_network(network.strip())
    for network in os.environ.get("MAINSTAY_INTERNAL_NETWORKS", "").split(",")
    if network.strip()
]

# --- The house, from the bottom to the top: the order is the ladder
KERNEL = [
    f"mainstay.kernel.{name}.apps.{name.title()}{'Room' if name == 'practice' else ''}"
    for name in (
        "practice",
        "events",
        "jobs",
        "documents",
        "calendars",
        "people",
        "access",
        "rest",
        "files",
        "records",
        "search",
        "mail",
        "notify",
        "automation",
        "reports",
        "web",
        "accounts",
        "administration",
    )
]
PRACTICES = ["mainstay.support.incidents.apps.Incidents", "mainstay.support.service_desk.apps.ServiceDesk"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "csp",
    *KERNEL,
    *PRACTICES,
    "mainstay.site.apps.Site",
]
MIDDLEWARE = [
    "mainstay.kernel.web.middleware.number_requests",
    "mainstay.kernel.rest.middleware.answer_in_problems",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mainstay.kernel.web.middleware.set_headers",
    "mainstay.kernel.web.middleware.set_language",
    "mainstay.kernel.web.limits.limit_size",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mainstay.kernel.web.middleware.answer_htmx",
    "mainstay.kernel.web.middleware.explain_problems",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "mainstay.kernel.access.middleware.ActorMiddleware",
]
ROOT_URLCONF = "mainstay.site.urls"
WSGI_APPLICATION = "mainstay.site.wsgi.application"

# --- Database
DATABASES = {"default": instance.database("application")}
#: A statement that comes again is planned once for each connection: planning takes longer than most answers.
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Row history tables stand beside their models; the context of a change is its Event.
PGHISTORY_CONTEXT_FIELD = None

# --- Pages
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # the `jinja2` folders; never `templates`, where allauth keeps another language
        "OPTIONS": {
            "environment": "mainstay.kernel.web.templating.environment",
            "context_processors": ["mainstay.kernel.web.markup.csrf"],
        },
    },
    {
        # Only for third-party pages that we do not draw ourselves.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
#: Scripts run only with the page's nonce; nothing inline, nothing evaluated, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler's marks are data: images in its style sheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # the pages of mails
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mainstay.kernel.web.pages.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STATIC_URL = "/static/"
#: Served straight from the folders of the package: no copying step, and the built files carry their hash.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/build/assets/.+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "mainstay.kernel.files.uploads.IncomingFileHandler",
]

# --- Languages
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- Sign-in and sessions --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
#: Addresses are unique whatever their case: by an index on lower(email), which that check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["mainstay.kernel.accounts.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_PASSWORDS = "django.contrib.auth.password_validation"
#: Length, and not on a list of known passwords; no rules of composition, for they make passwords worse.
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_PASSWORDS}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "mainstay.kernel.people.validators.LongestPassword"},
    {"NAME": f"{_PASSWORDS}.CommonPasswordValidator"},
]
if PASSWORD_LIST := os.environ.get("MAINSTAY_PASSWORD_LIST"):  # one password a line, lower case, plain or gzip
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": f"{_PASSWORDS}.CommonPasswordValidator", "OPTIONS": {"password_list_path": PASSWORD_LIST}}
    )
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "mainstay.kernel.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "mainstay.kernel.accounts.forms.SignInForm",
    "reauthenticate": "mainstay.kernel.accounts.forms.PasswordAgainForm",
    "change_password": "mainstay.kernel.accounts.forms.NewPasswordForm",
    "set_password": "mainstay.kernel.accounts.forms.FirstPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
#: Administrators vouch for addresses; nobody signs up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_MIN_LENGTH = None
#: For each address of the network 30 tries and 10 failures a minute, for each account 5 failures in 5 minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "letter": "60/m/ip",  # pages that links in mails open
    "reset_password": "10/m/ip,3/h/key",  # links for new passwords
}
MFA_ADAPTER = "mainstay.kernel.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Mainstay"
MFA_TOTP_TOLERANCE = 1  # one code before and after: clocks differ
#: Browsers give passkeys to http on this machine itself; anywhere else only to https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(BASE_URL).hostname == "localhost"
#: Other systems that sign people in: see `docs/operating/sign-in.md`.
SIGN_IN_PROVIDERS = providers.read(os.environ.get("MAINSTAY_SIGN_IN_FILE", ""))
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += providers.origins(SIGN_IN_PROVIDERS)
SOCIALACCOUNT_PROVIDERS = providers.for_allauth(SIGN_IN_PROVIDERS)
SOCIALACCOUNT_ADAPTER = "mainstay.kernel.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # our addresses take POST only
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
USERSESSIONS_TRACK_ACTIVITY = False
#: Where attempts are counted: one table for all processes.
CACHES = {
    "default": {"BACKEND": "mainstay.kernel.accounts.attempts.Attempts"},
}
#: Seconds a session lives, from signing in, on a device one stays signed in on; on others until the browser closes.
SESSION_COOKIE_AGE = 14 * 86400
SESSION_ENGINE = "mainstay.kernel.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

# --- Logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MAINSTAY_LOG_LEVEL", "WARNING")},
}
