"""Registers the package with Django, and its figures with the SQL files."""

from django.apps import AppConfig


class Config(AppConfig):
    """The package as a Django application."""

    name = "activkode.mailbox"
    label = "mailbox"

    def ready(self) -> None:
        """Makes the policy's figures known to the SQL files."""
        from activkode.mailbox import figures

        figures.register()
