"""Registers the people's pages with Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages as a Django application (templates and static files; no tables)."""

    name = "activkode.doors.people"
    label = "people"
