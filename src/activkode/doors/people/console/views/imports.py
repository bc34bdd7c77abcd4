"""Bulk import of numbers: the file is checked in the background while the page shows how far it is."""

import threading

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core.errors import Refusal, TryLater
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs
from activkode.doors.people.live import answer
from activkode.doors.people.refusals import tell
from activkode.identity.permissions import Action
from activkode.supply import numbers, read

log = structlog.get_logger("activkode.people")


@require_safe
@needs(Action.IMPORT_NUMBERS)
def index(request: HttpRequest) -> HttpResponse:
    """The form, and the latest imports."""
    return render(request, "console/imports.html", {"form": forms.NumbersFile(), "imports": read.imports()})


@require_POST
@needs(Action.IMPORT_NUMBERS)
def create(request: HttpRequest) -> HttpResponse:
    """Takes the file and shows the import at once."""
    form = forms.NumbersFile(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "console/imports.html", {"form": form, "imports": read.imports()}, status=422)
    file: UploadedFile = form.cleaned_data["file"]
    content = file.read()
    try:
        import_id = numbers.start_import(file.name or "file.csv", content, actor=actor(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("console_imports")
    threading.Thread(target=_run, args=(import_id, content), name=f"import {import_id}").start()
    return redirect("console_import", import_id)


@require_safe
@needs(Action.IMPORT_NUMBERS)
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it is, then what came of it."""
    return render(request, "console/import.html", _context(import_id))


@require_safe
@needs(Action.IMPORT_NUMBERS)
def live(request: HttpRequest, import_id: int) -> HttpResponse:
    """The same part of the page again, where something changed."""
    context = _context(import_id)
    return answer(request, str(context["mark"]), "console/import_live.html", lambda: context)


def _context(import_id: int) -> dict[str, object]:
    report = numbers.report(import_id)
    return {"report": report, "mark": f"{report.state}.{report.checked}"}


def _run(import_id: int, content: bytes) -> None:
    try:
        numbers.run_import(import_id, content)
    except Refusal as refusal:
        numbers.refuse(import_id, refusal.told)
    except TryLater:
        log.warning("import.database_away", import_id=import_id)
    finally:
        connection.close()
