"""Settings of the people's pages only: sessions, sign-in, templates; must not be loaded by the machines' door."""

from activkode.config import environment as env

ROOT_URLCONF = "activkode.config.urls_people"
WSGI_APPLICATION = "activkode.config.wsgi.application"
SECURE = env.flag("ACTIVKODE_SECURE_COOKIES", False)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
