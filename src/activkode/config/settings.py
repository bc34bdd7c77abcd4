"""Django settings of every process, read from the environment once; must never hold a secret of its own."""

from pathlib import Path

from activkode.config import environment as env

VAR = Path(env.text("ACTIVKODE_VAR", "var"))
DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", VAR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.User"

DATABASES = {"default": env.database("DATABASE_URL", role=env.text("DATABASE_ROLE", "activkode_app"))}
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", env.text("DATABASE_URL", ""))

DOMAIN_APPS = [
    "activkode.core",
    "activkode.ledger",
    "activkode.identity",
    "activkode.catalogue",
    "activkode.supply",
    "activkode.activations",
    "activkode.funding",
    "activkode.withdrawals",
    "activkode.support",
    "activkode.intake",
    "activkode.mailbox",
]
# Sign-in, sessions and pages are loaded where people are served (and where tables are made), never on the machines' door.
PEOPLE_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", *DOMAIN_APPS]
if env.flag("ACTIVKODE_PEOPLE", True):
    from activkode.config.people import *  # noqa: F403

    INSTALLED_APPS = [*PEOPLE_APPS, *DOMAIN_APPS, "activkode.doors.people"]

SMPP_LINKS = env.json("ACTIVKODE_SMPP_LINKS", "[]")
SMTP_HOST = env.text("ACTIVKODE_SMTP_HOST", "127.0.0.1")
SMTP_PORT = env.number("ACTIVKODE_SMTP_PORT", 2525)
PUBLIC_URL = env.text("ACTIVKODE_PUBLIC_URL", "http://127.0.0.1:8000")
CONTACT_EMAIL = env.contact_email()
# Our own mail server's name in Authentication-Results, where it stands before us; what it says is then believed. The number
# of Received fields that it puts above its results (0 is the safe one: mailbox/reading/results.py).
AUTHSERV_ID = env.text("ACTIVKODE_AUTHSERV_ID")
AUTHSERV_HOPS = env.number("ACTIVKODE_AUTHSERV_HOPS", 0)
# Name servers (host or host:port) for SPF, DKIM and DMARC. Empty: those of the machine.
DNS_SERVERS = env.words("ACTIVKODE_DNS_SERVERS", "")
# A contact mailbox that stands elsewhere, as a JSON object (docs/operations.md). Empty: none.
IMAP = env.json("ACTIVKODE_IMAP", "{}")
# Who is told that a case or a withdrawal is due. Empty: only the console says so.
OPERATORS_EMAIL = env.text("ACTIVKODE_OPERATORS_EMAIL")
# Whose holidays are no business days: a market (XECB) or a country (GB).
HOLIDAYS = env.text("ACTIVKODE_HOLIDAYS", "XECB")
MAIL_FROM = env.text("ACTIVKODE_MAIL_FROM", "ACTIV KODE <no-reply@activkode.example>")
MAIL_RELAY = env.text("ACTIVKODE_MAIL_RELAY", "")

# Chains that are watched, extended public keys that addresses come from, and where rates are looked up (docs/operations.md).
CHAINS = env.json("ACTIVKODE_CHAINS", "{}")
KEYCHAINS = env.public_keys("ACTIVKODE_KEYCHAINS", "{}")
# Wallets that pay withdrawals out: what is public of them, by chain. Who signs is not this machine's matter.
PAYOUTS = env.public_keys("ACTIVKODE_PAYOUTS", "{}")
SIGNER_URL = env.text("ACTIVKODE_SIGNER_URL")
SIGNER_SECRET_FILE = env.text("ACTIVKODE_SIGNER_SECRET_FILE")
RATE_SOURCES = env.json("ACTIVKODE_RATE_SOURCES", "{}")
# Only for the demo: where the fake chains take a payment from a fake wallet. Empty: the pages have no such button.
DEMO_PAY_URL = env.text("ACTIVKODE_DEMO_PAY_URL")
# A development node of Ethereum in place of the fake one.
DEMO_DEV_NODE = env.text("ACTIVKODE_DEMO_DEV_NODE")

# Networks (such as 127.0.0.0/8) that webhooks may reach though they are not public, by http too: for tests and trials.
OUTBOUND_OPEN = env.networks("ACTIVKODE_OUTBOUND_OPEN", "")
