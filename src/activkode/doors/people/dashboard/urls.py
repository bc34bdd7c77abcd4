"""Addresses of a customer's pages. What changes something is a POST to a thing of its own."""

from django.urls import path

from activkode.doors.people.dashboard.views import (
    activations,
    fake_wallet,
    keys,
    overview,
    rent,
    statement,
    topups,
)

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
    path("topups/", topups.index, name="topups"),
    path("topups/live/", topups.index_live, name="topups_live"),
    path("topups/<asset:coin>/", topups.address, name="topup_address"),
    path("topups/<asset:coin>/live/", topups.address_live, name="topup_address_live"),
    path("topups/<asset:coin>/fake-payment/", fake_wallet.pay, name="topup_fake_payment"),
    path("topups/<dep:deposit_id>/", topups.show, name="topup"),
    path("topups/<dep:deposit_id>/live/", topups.live, name="topup_live"),
    path("topups/<dep:deposit_id>/receipt/", topups.receipt, name="topup_receipt"),
    path("statement/", statement.show, name="statement"),
    path("statement/<str:form>/", statement.download, name="statement_file"),
    path("keys/", keys.show, name="keys"),
    path("keys/new/", keys.create, name="key_create"),
    path("keys/<number:key_id>/revocation/", keys.revoke, name="key_revoke"),
    path("account/", overview.account, name="account"),
]
