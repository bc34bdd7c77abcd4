"""Registers the package with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """The package as a Django application."""

    name = "activkode.mailbox"
    label = "mailbox"
