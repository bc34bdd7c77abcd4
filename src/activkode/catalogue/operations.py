"""Writes services and offers; each change goes into the audit log. Must never touch what was sold: prices and windows of
open activations stay as bought.
"""

from dataclasses import asdict, dataclass

from activkode.core import audit_log, sql
from activkode.core.errors import Code, Refusal


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """A service as an operator writes it; window in seconds, None for the policy's default."""

    code: str
    name: str
    virtual_numbers: str = "unknown"
    open_despite_ban: bool = False
    window_seconds: int | None = None
    cancel_lock_seconds: int = 0
    senders: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class OfferForm:
    """An offer as an operator writes it; for e-mail the operator is the mail domain and the country None."""

    service: str
    kind: str
    country: str | None
    operator: str
    price_micros: int
    active: bool = True


def save_service(form: ServiceForm, *, actor: str) -> int:
    """Makes or changes the service of that code; its id. Raises TryLater."""
    with sql.transaction():
        made: int = sql.value(
            "insert into catalogue_service (code, name, virtual_numbers, open_despite_ban, window_seconds,"
            " cancel_lock_seconds, senders, active) values (%s, %s, %s, %s, %s, %s, %s, %s)"
            " on conflict (code) do update set name = excluded.name, virtual_numbers = excluded.virtual_numbers,"
            " open_despite_ban = excluded.open_despite_ban, window_seconds = excluded.window_seconds,"
            " cancel_lock_seconds = excluded.cancel_lock_seconds, senders = excluded.senders, active = excluded.active"
            " returning id",
            (
                form.code,
                form.name,
                form.virtual_numbers,
                form.open_despite_ban,
                form.window_seconds,
                form.cancel_lock_seconds,
                list(form.senders),
                form.active,
            ),
        )
        audit_log.note(actor, "save service", form.code, **asdict(form))
    return made


def save_offer(form: OfferForm, *, actor: str) -> int:
    """Makes or changes an offer and fills its stock; its id. An offer that was delisted for its rate is listed again.
    Raises Refusal(unknown_service), TryLater."""
    with sql.transaction():
        made = sql.value(
            "insert into catalogue_offer (service_id, country_id, operator, kind, price_micros, active)"
            " select id, %s, %s, %s, %s, %s from catalogue_service where code = %s"
            " on conflict (service_id, kind, country_id, operator) do update"
            " set price_micros = excluded.price_micros, active = excluded.active, delisted_at = null returning id",
            (form.country, form.operator, form.kind, form.price_micros, form.active, form.service),
        )
        if made is None:
            raise Refusal(Code.UNKNOWN_SERVICE)
        if form.kind == "email":
            sql.execute(
                "insert into supply_domain (name, capacity, active) values (%s, 10000, true) on conflict do nothing",
                (form.operator,),
            )
        sql.execute("select fn.stock_fill(p_offer => %s)", (made,))
        audit_log.note(
            actor, "save offer", f"{form.service}/{form.country or form.kind}/{form.operator}", **asdict(form)
        )
    return int(made)
