"""Addresses of the people's pages."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from activkode.doors.people import addresses

register_converter(addresses.ActivationId, "act")
register_converter(addresses.DepositId, "dep")
register_converter(addresses.WithdrawalId, "wdr")
register_converter(addresses.PayoutId, "pay")
register_converter(addresses.CaseId, "case")
register_converter(addresses.Token, "token")
register_converter(addresses.AssetName, "asset")
register_converter(addresses.Number, "number")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("activkode.doors.people.public.urls")),
    path("", include("activkode.doors.people.dashboard.urls")),
    path("console/", include("activkode.doors.people.console.urls")),
    path("accounts/", include("allauth.urls")),
]
handler400 = "activkode.doors.people.refusals.bad_request"
handler403 = "activkode.doors.people.refusals.forbidden"
handler404 = "activkode.doors.people.refusals.not_found"
handler500 = "activkode.doors.people.refusals.fault"
