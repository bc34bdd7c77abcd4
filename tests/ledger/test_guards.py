"""What the schema itself refuses, before any audit: by right for the application, by trigger and constraint for everybody."""

import psycopg
import pytest
from django.db import transaction

import cast
from activkode.activations import operations
from activkode.activations.operations import Rent
from activkode.core import sql
from activkode.identity.models import User

Connection = psycopg.Connection[tuple[object, ...]]
APPEND_ONLY = ["ledger_transfer", "ledger_grant", "intake_original", "core_audit_log", "core_event"]
BY_FUNCTION_ONLY = [*APPEND_ONLY, "ledger_wallet", "ledger_movement", "activations_activation", "activations_message",
                    "activations_rule", "supply_lease", "supply_free", "intake_fate", "core_idempotency"]  # fmt: skip


@pytest.fixture
def alice(db: None) -> User:
    user = cast.shopper()
    operations.open(user.id, Rent("shop", "GB"))
    return user


def _refused(statement: str, error: type[psycopg.Error]) -> None:
    with pytest.raises(error), transaction.atomic():
        sql.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", BY_FUNCTION_ONLY)
def test_the_application_has_no_right_to_write(alice: User, table: str) -> None:
    column = sql.value(
        "select column_name from information_schema.columns where table_name = %s order by ordinal_position limit 1",
        (table,),
    )
    for statement in (f"delete from {table}", f"update {table} set {column} = {column}", f"insert into {table} default values",
                      f"truncate {table}"):  # fmt: skip
        _refused(statement, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "inner",
    [
        "post(1, 'hold', 'cash', 'x', 1, 1, now())",
        "lease_release(1, now())",
        "hold(1, 'x', 1, 0, 1, 0, now())",
        "release(1, 'x', 1, 0, 1, now())",
        "lease_take(1, 1, 1, 1, 'sms', 'any', true, now(), now())",
        "lease_untake(1)",
    ],
)
def test_inner_functions_are_not_callable_from_outside(alice: User, inner: str) -> None:
    _refused(f"select fn.{inner}", psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_even_the_owner_cannot_change_what_is_written(alice: User, superuser: Connection, table: str) -> None:
    for statement in (f"delete from {table}", f"truncate {table}"):
        if superuser.execute(f"select count(*) from {table}").fetchone() == (0,) and "delete" in statement:  # type: ignore[call-overload]
            continue
        with pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute(statement)  # type: ignore[call-overload]


@pytest.mark.django_db(transaction=True)
def test_constraints_hold_for_everybody(alice: User, superuser: Connection) -> None:
    after = "cash_after, promo_after, held_after, withdrawing_after"
    again = (
        "insert into ledger_transfer select customer_id, seq + 100, at, movement, purse, reference_kind, reference_id,"
        f" amount_micros, {after} from ledger_transfer"
    )
    for statement, error in [
        ("update ledger_wallet set cash = -1", psycopg.errors.CheckViolation),
        ("update ledger_wallet set held = held - 100000000", psycopg.errors.CheckViolation),
        (again, psycopg.errors.UniqueViolation),
        (again.replace("amount_micros, cash", "0, cash").replace("movement, purse", "'x', purse"), psycopg.errors.CheckViolation),
        ("update activations_activation set state = 'completed'", psycopg.errors.CheckViolation),
        ("update activations_activation set state = 'requesting'", psycopg.errors.CheckViolation),
        ("insert into supply_lease select activation_id + 1, customer_id, service_id, offer_id, kind, address, number_id, starts_at,"
         " ends_at, released_at, blocked_until, true from supply_lease", psycopg.errors.UniqueViolation),
    ]:  # fmt: skip
        with pytest.raises(error):
            superuser.execute(statement)  # type: ignore[call-overload]


@pytest.mark.django_db
@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_is_not_positive_is_refused(alice: User, amount: int) -> None:
    _refused(
        f"select fn.grant_credit({alice.id}, 'goodwill_grant', {amount}, 'olga', 'x')",
        psycopg.errors.CheckViolation,
    )


@pytest.mark.django_db
def test_only_grants_can_be_granted(alice: User) -> None:
    _refused(f"select fn.grant_credit({alice.id}, 'release', 1, 'olga', 'x')", psycopg.errors.CheckViolation)
