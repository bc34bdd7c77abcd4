"""Payouts for operators who sign offline: unsigned transactions out as files, signed ones in, and a second transaction for
one that is stuck. Whatever leaves here may be signed, so every one of these is a POST and stands in the audit log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from activkode.core import ids
from activkode.core import read as core
from activkode.core.errors import Code, Refusal
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.doors.people.console.views.withdrawals import carry_out
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user_id
from activkode.funding.chains.base import Away, Unusable
from activkode.identity.permissions import Action
from activkode.withdrawals import files, payers, payouts, read
from activkode.withdrawals.chains.base import CannotPay, Mismatch
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.read import Payout, Transaction, Withdrawal

_BATCH = 100


@require_POST
@needs(Action.EXPORT_PAYOUTS)
def export(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """The unsigned transaction of an approved withdrawal as a file; it is built first where none is handed out yet."""
    one = read.any_one(withdrawal_id)
    try:
        not_oneself(request, one.customer)
        payout, transaction = _handed(request, one)
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("console_withdrawal", withdrawal_id)
    return _download(
        files.unsigned(payout, transaction).encode(), files.name(transaction), "application/json"
    )


@require_POST
@needs(Action.EXPORT_PAYOUTS)
def export_all(request: HttpRequest) -> HttpResponse:
    """Every payout that is to be signed, of other people's, as an archive of one file each."""
    found = list(_every(request))
    if not found:
        messages.info(request, "Nothing is to be signed now.")
        return redirect("console_withdrawals")
    name = f"payouts-{core.now():%Y-%m-%d-%H%M%S}.zip"
    return _download(files.together(found), name, "application/zip")


@require_POST
@needs(Action.EXPORT_PAYOUTS)
def take(request: HttpRequest) -> HttpResponse:
    """Signed files: each is compared with what was handed out, field by field, and kept."""
    form = forms.SignedFiles(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, f"Files: {form.errors['signed'][0]}")
    else:
        for upload in form.cleaned_data["signed"]:
            _take(request, upload)
    return redirect("console_withdrawals")


@require_POST
@needs(Action.EXPORT_PAYOUTS)
def replace(request: HttpRequest, withdrawal_id: int, payout_id: int) -> HttpResponse:
    """Another transaction of a payout that is stuck: with a higher fee, or (void) paying only ourselves."""

    def act(one: Withdrawal) -> str:
        form = forms.Replace(request.POST)
        forms.must_be_valid(form)
        payout = _own(one, payout_id)
        with _in_words():
            payouts.replace(
                payout, payers.payer(one.asset), kind=Kind(form.cleaned_data["kind"]), by=actor(request)
            )
        return "Made. It waits to be signed; until then the earlier one may still be carried out."

    return carry_out(request, withdrawal_id, act)


@contextmanager
def _in_words() -> Iterator[None]:
    """Tells what a node or a wallet says as a refusal, for the operator."""
    try:
        yield
    except (Away, Unusable) as error:
        raise Refusal(Code.PAYOUT_UNAVAILABLE, f"The node cannot be used right now: {error}") from None
    except CannotPay as error:
        raise Refusal(Code.PAYOUT_UNAVAILABLE, f"It cannot be paid right now: {error}") from None
    except Mismatch as error:
        raise Refusal(
            Code.INVALID_REQUEST, f"This is not the transaction that was handed out: {error}"
        ) from None


def _handed(request: HttpRequest, one: Withdrawal) -> tuple[Payout, Transaction]:
    """What is to be signed of a withdrawal. Raises Refusal."""
    if not one.being_signed:
        with _in_words():
            payouts.hand(one.customer, one.id, payers.payer(one.asset), by=actor(request))
    payout = read.payouts(one.customer, one.id)[-1]
    unsigned = [each for each in read.transactions(one.customer, payout.id) if each.raw is None]
    if not unsigned:
        raise Refusal(Code.WRONG_STATE, "Everything of it is signed already.")
    files.note_exported(unsigned[-1], one.id, by=actor(request))
    return payout, unsigned[-1]


def _every(request: HttpRequest) -> Iterator[tuple[Payout, Transaction]]:
    for one in read.queue(limit=_BATCH):
        ready = one.state == "approved" or one.being_signed
        if not ready or one.customer == user_id(request):
            continue
        try:
            yield _handed(request, one)
        except Refusal as refusal:
            if refusal.code is not Code.WRONG_STATE:
                messages.warning(request, f"{ids.show(ids.WITHDRAWAL, one.id)}: {refusal.told}")


def _take(request: HttpRequest, upload: UploadedFile) -> None:
    named = upload.name or "file"
    try:
        if (upload.size or 0) > files.MOST_BYTES:
            raise Refusal(Code.BODY_TOO_LARGE)
        file = files.read_signed(upload.read())
        not_oneself(request, read.payout(file.payout).customer)
        with _in_words():
            signed = files.take(file, payers.payer(file.asset), by=actor(request))
    except Refusal as refusal:
        messages.error(request, f"{named}: {refusal.told}")
    else:
        messages.success(
            request, f"{named}: {ids.show(ids.PAYOUT, file.payout)} is signed and kept as {signed.tx}."
        )


def _own(one: Withdrawal, payout_id: int) -> Payout:
    payout = read.payout(payout_id)
    if (payout.customer, payout.withdrawal) != (one.customer, one.id):
        raise Refusal(Code.NOT_FOUND)
    return payout


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers, status=HTTPStatus.OK)
