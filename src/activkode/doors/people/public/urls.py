"""Addresses that anybody may see."""

from django.urls import path

from activkode.doors.people.public import files, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("policy/", views.policy, name="policy"),
    path("holidays/", views.holidays, name="holidays"),
    path("files/<token:token>/", files.show, name="file"),
    path("status/", views.status, name="status"),
    path("support-check/", views.support_check, name="support_check"),
    path("help/", views.help_page, name="help"),
]
