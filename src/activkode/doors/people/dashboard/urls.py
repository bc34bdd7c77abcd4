"""Addresses of a customer's pages. What changes something is a POST to a thing of its own."""

from django.urls import path

from activkode.doors.people.dashboard.views import activations, keys, overview, rent, statement

urlpatterns = [
    path("overview/", overview.show, name="overview"),
    path("overview/live/", overview.live, name="overview_live"),
    path("rent/", rent.search, name="rent"),
    path("rent/<slug:service>/", rent.offers, name="rent_service"),
    path("activations/", activations.history, name="activations"),
    path("activations/new/", rent.open_one, name="activation_open"),
    path("activations/<act:activation_id>/", activations.show, name="activation"),
    path("activations/<act:activation_id>/live/", activations.live, name="activation_live"),
    path("activations/<act:activation_id>/cancellation/", activations.cancel, name="activation_cancel"),
    path("activations/<act:activation_id>/completion/", activations.complete, name="activation_complete"),
    path("activations/<act:activation_id>/revelation/", activations.reveal, name="activation_reveal"),
    path("statement/", statement.show, name="statement"),
    path("statement/<str:form>/", statement.download, name="statement_file"),
    path("keys/", keys.show, name="keys"),
    path("keys/new/", keys.create, name="key_create"),
    path("keys/<number:key_id>/revocation/", keys.revoke, name="key_revoke"),
    path("account/", overview.account, name="account"),
]
