"""Fills a database set-wise with customers, money, offers and numbers, as the functions would have left them."""

import psycopg

CUSTOMERS = 10_000
SERVICE = "bench"
PRICE_MICROS = 250_000
_CREDIT_MICROS = 1_000_000_000_000


def market(owner: psycopg.Connection[tuple[object, ...]], customers: int = CUSTOMERS) -> None:
    """Customers 1..n with money, one service with one offer."""
    owner.execute(
        "insert into identity_user (id, email, password, role, is_active, date_joined)"
        " select g, 'c' || g || '@bench.example', '', 'customer', true, now() from generate_series(1, %s) g",
        (customers,),
    )
    owner.execute(
        "select fn.grant_credit(id, 'goodwill_grant', %s, 'bench', 'bench') from identity_user",
        (_CREDIT_MICROS,),
    )
    owner.execute(
        "insert into catalogue_service (id, code, name, virtual_numbers, open_despite_ban, cancel_lock_seconds, senders, active)"
        " values (1, %s, 'Bench', 'allowed', false, 0, '{BENCH}', true)",
        (SERVICE,),
    )
    owner.execute(
        "insert into catalogue_offer (id, service_id, country_id, operator, kind, price_micros, active)"
        " values (1, 1, 'GB', 'any', 'sms', %s, true)",
        (PRICE_MICROS,),
    )


def numbers(owner: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    """So many more numbers, free to rent."""
    owner.execute(
        "insert into supply_number (phone, country_id, operator, link, active, created_at)"
        " select '447' || lpad((coalesce((select max(id) from supply_number), 0) + g)::text, 9, '0'), 'GB', 'any', 'bench', true, now()"
        " from generate_series(1, %s) g",
        (count,),
    )
    owner.execute(
        "select fn.stock_fill(1, (select array_agg(id) from (select id from supply_number order by id desc limit %s) n))",
        (count,),
    )
    owner.execute("vacuum (analyze) supply_number, supply_free, ledger_wallet")


def waiting(owner: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    """So many activations with hold, lease and event whose window ended within the last hour, and nobody's clock ran."""
    owner.execute(
        "create temp table due as select nextval('activations_number') as id, 1 + g %% (select count(*) from ledger_wallet) as customer_id,"
        " clock_timestamp() - random() * interval '1 hour' as expires_at, row_number() over (partition by g %% (select count(*) from ledger_wallet)) as n"
        " from generate_series(1, %s) g",
        (count,),
    )
    owner.execute("create index on due (customer_id)")
    owner.execute("analyze due")
    owner.execute(
        "with number as (insert into supply_number (phone, country_id, operator, link, active, created_at)"
        " select '449' || id, 'GB', 'any', 'bench', true, now() from due returning id, phone)"
        " insert into supply_lease (activation_id, customer_id, service_id, offer_id, kind, address, number_id, starts_at, ends_at, blocking)"
        " select d.id, d.customer_id, 1, 1, 'sms', n.phone, n.id, d.expires_at - interval '20 minutes', d.expires_at, true"
        " from due d join number n on n.phone = '449' || d.id"
    )
    owner.execute(
        "insert into activations_activation (customer_id, id, service_id, offer_id, kind, country_id, operator, address, price_micros, promo_micros,"
        " state, revision, policy_version, window_seconds, opened_at, cancel_from, expires_at)"
        " select customer_id, id, 1, 1, 'sms', 'GB', 'any', '449' || id, %s, 0, 'waiting', 1, 1, 1200, expires_at - interval '20 minutes',"
        " expires_at - interval '20 minutes', expires_at from due",
        (PRICE_MICROS,),
    )
    owner.execute(
        "insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros, cash_after, promo_after, held_after, withdrawing_after)"
        " select customer_id, w.seq + d.n, d.expires_at - interval '20 minutes', 'hold', 'cash', 'activation', d.id, %(p)s, w.cash - d.n * %(p)s, w.promo, w.held + d.n * %(p)s, w.withdrawing"
        " from due d join ledger_wallet w using (customer_id)",
        {"p": PRICE_MICROS},
    )
    owner.execute(
        "insert into core_event (customer_id, seq, at, type, activation_id, revision)"
        " select customer_id, w.event_seq + d.n, d.expires_at - interval '20 minutes', 'activation.opened', d.id, 1 from due d join ledger_wallet w using (customer_id)"
    )
    owner.execute(
        "update ledger_wallet w set cash = w.cash - s.n * %(p)s, held = w.held + s.n * %(p)s, seq = w.seq + s.n, event_seq = w.event_seq + s.n"
        " from (select customer_id, count(*) as n from due group by 1) s where w.customer_id = s.customer_id",
        {"p": PRICE_MICROS},
    )
    owner.execute("drop table due")
    for table in ("activations_activation", "supply_lease", "ledger_wallet", "ledger_transfer", "core_event"):
        owner.execute(f"vacuum (analyze) {table}")


def history(owner: psycopg.Connection[tuple[object, ...]], transfers: int) -> None:
    """So many transfers behind the customers: holds and releases of activations that were cancelled.

    A closed activation is longer than an open one: closing has used up the room that the table's fill factor leaves on each
    page. Rows that are closed from the start would leave it, and on every page of the past just enough for one new rent."""
    each = transfers // CUSTOMERS // 2
    if not each:
        return
    owner.execute(
        "create temp table past as select customer_id, n, nextval('activations_number') as id"
        " from ledger_wallet, generate_series(1, %s) n",
        (each,),
    )
    found = owner.execute(
        "select option_value from pg_class, pg_options_to_table(reloptions)"
        " where relname = 'activations_activation' and option_name = 'fillfactor'"
    ).fetchone()
    assert found
    owner.execute("alter table activations_activation set (fillfactor = 100)")
    owner.execute(
        "insert into activations_activation (customer_id, id, service_id, offer_id, kind, country_id, operator, address, price_micros, promo_micros,"
        " state, clause, revision, policy_version, window_seconds, opened_at, cancel_from, expires_at, closed_at, refunded_at)"
        " select customer_id, id, 1, 1, 'sms', 'GB', 'any', '448' || id, %s, 0, 'cancelled', 'refund.cancelled', 2, 1, 1200, t, t,"
        " t + interval '20 minutes', t, t from past, lateral (select now() - interval '30 days' + n * interval '1 minute' as t) at",
        (PRICE_MICROS,),
    )
    owner.execute(
        "insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros, cash_after, promo_after, held_after, withdrawing_after)"
        " select p.customer_id, w.seq + 2 * (p.n - 1) + side.k, now() - interval '30 days' + p.n * interval '1 minute', side.movement, 'cash', 'activation', p.id, %(p)s,"
        " w.cash - case side.k when 1 then %(p)s else 0 end, w.promo, case side.k when 1 then %(p)s else 0 end, 0"
        " from past p join ledger_wallet w using (customer_id), (values (1, 'hold'), (2, 'release')) side (k, movement)",
        {"p": PRICE_MICROS},
    )
    owner.execute(f"alter table activations_activation set (fillfactor = {found[0]})")
    owner.execute("update ledger_wallet set seq = seq + %s", (2 * each,))
    owner.execute("drop table past")
    for table in ("activations_activation", "ledger_transfer", "ledger_wallet"):
        owner.execute(f"vacuum (analyze) {table}")


def mail_offer(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """The service's addresses, of which there are always more."""
    owner.execute(
        "insert into supply_domain (name, capacity, active) values ('mail.bench.example', 1000000, true)"
    )
    owner.execute(
        "insert into catalogue_offer (id, service_id, country_id, operator, kind, price_micros, active)"
        " values (2, 1, null, 'mail.bench.example', 'email', %s, true)",
        (PRICE_MICROS,),
    )


def rent_many(owner: psycopg.Connection[tuple[object, ...]], count: int, customers: int = 1_000) -> None:
    """So many open activations of the first customers, by the function that rents."""
    owner.execute(
        "select count(fn.rent(1 + g %% %s, 'bench', null, null, 'email', null, false, null, null, null)) from generate_series(1, %s) g",
        (customers, count),
    )


def addresses(owner: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    """So many customers' Bitcoin addresses, made up."""
    owner.execute(
        "insert into funding_keychain (name, fingerprint, next_index) values ('btc_p2wpkh', 'bench', %s)",
        (count + 1,),
    )
    owner.execute(
        "insert into funding_address (keychain, index, chain, key, address, asset, customer_id, created_at)"
        " select 'btc_p2wpkh', g, 'bitcoin', '0014' || left(md5(g::text) || md5('b' || g), 40), 'bc1q' || md5(g::text), 'BTC', g,"
        " now() from generate_series(1, %s) g",
        (count,),
    )
    owner.execute("vacuum (analyze) funding_address")
