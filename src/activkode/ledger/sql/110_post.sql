-- A wallet for every user, in the transaction that makes the user.
create function fn.wallet_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into ledger_wallet (customer_id, cash, promo, held, withdrawing, seq, event_seq)
  values (new.id, 0, 0, 0, 0, 0, 0);
  return new;
end $$;
drop trigger if exists wallet_open on identity_user;
create trigger wallet_open after insert on identity_user for each row execute function fn.wallet_open();

-- The one writer of money: one amount along one movement, balances and sequence under the wallet's row lock. The
-- table's checks refuse a negative balance, the unique constraint a second time. `p_events` reserves event numbers.
create function fn.post(p_customer bigint, p_movement text, p_purse text, p_kind text, p_ref bigint, p_amount bigint,
                        p_at timestamptz, p_events int default 0) returns ledger_wallet
language plpgsql as $$
declare m ledger_movement; w ledger_wallet; f text; t text;
begin
  select * into strict m from ledger_movement where name = p_movement;
  f := case m.from_account when 'purse' then p_purse else m.from_account end;
  t := case m.to_account when 'purse' then p_purse else m.to_account end;
  update ledger_wallet set
    cash = cash + case 'cash' when t then p_amount when f then -p_amount else 0 end,
    promo = promo + case 'promo' when t then p_amount when f then -p_amount else 0 end,
    held = held + case 'held' when t then p_amount when f then -p_amount else 0 end,
    withdrawing = withdrawing + case 'withdrawing' when t then p_amount when f then -p_amount else 0 end,
    seq = seq + 1, event_seq = event_seq + p_events
  where customer_id = p_customer returning * into strict w;
  insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros,
                               cash_after, promo_after, held_after, withdrawing_after)
  values (p_customer, w.seq, p_at, p_movement, p_purse, p_kind, p_ref, p_amount, w.cash, w.promo, w.held, w.withdrawing);
  return w;
end $$;

-- Movement `hold` of a price from both purses at once, and one event number, which is given. Null, and nothing done,
-- where the wallet is frozen, has not enough, or its promo is no longer what the caller saw. The condition is part of the
-- update, which is the lock: a lock taken before it would be a write of its own.
create function fn.hold(p_customer bigint, p_kind text, p_ref bigint, p_promo bigint, p_cash bigint, p_promo_seen bigint,
                        p_at timestamptz) returns bigint
language plpgsql as $$
declare v_cash bigint; v_promo bigint; v_held bigint; v_withdrawing bigint; v_seq bigint; v_event bigint;
begin
  update ledger_wallet set cash = cash - p_cash, promo = promo - p_promo, held = held + p_cash + p_promo,
    seq = seq + case when p_promo > 0 and p_cash > 0 then 2 else 1 end, event_seq = event_seq + 1
  where customer_id = p_customer and frozen_at is null and promo = p_promo_seen and cash >= p_cash
  returning cash, promo, held, withdrawing, seq, event_seq into v_cash, v_promo, v_held, v_withdrawing, v_seq, v_event;
  if v_event is null then return null; end if;
  if p_promo > 0 then
    insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros,
                                 cash_after, promo_after, held_after, withdrawing_after)
    values (p_customer, v_seq - (p_cash > 0)::int, p_at, 'hold', 'promo', p_kind, p_ref, p_promo,
            v_cash + p_cash, v_promo, v_held - p_cash, v_withdrawing);
  end if;
  if p_cash > 0 then
    insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros,
                                 cash_after, promo_after, held_after, withdrawing_after)
    values (p_customer, v_seq, p_at, 'hold', 'cash', p_kind, p_ref, p_cash, v_cash, v_promo, v_held, v_withdrawing);
  end if;
  return v_event;
end $$;

-- Movement `release` of what `fn.hold` held, back into the purses it came from, and one event number, which is given.
create function fn.release(p_customer bigint, p_kind text, p_ref bigint, p_promo bigint, p_cash bigint, p_at timestamptz)
returns bigint language plpgsql as $$
declare v_cash bigint; v_promo bigint; v_held bigint; v_withdrawing bigint; v_seq bigint; v_event bigint;
begin
  update ledger_wallet set cash = cash + p_cash, promo = promo + p_promo, held = held - p_cash - p_promo,
    seq = seq + case when p_promo > 0 and p_cash > 0 then 2 else 1 end, event_seq = event_seq + 1
  where customer_id = p_customer
  returning cash, promo, held, withdrawing, seq, event_seq
  into strict v_cash, v_promo, v_held, v_withdrawing, v_seq, v_event;
  if p_promo > 0 then
    insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros,
                                 cash_after, promo_after, held_after, withdrawing_after)
    values (p_customer, v_seq - (p_cash > 0)::int, p_at, 'release', 'promo', p_kind, p_ref, p_promo,
            v_cash - p_cash, v_promo, v_held + p_cash, v_withdrawing);
  end if;
  if p_cash > 0 then
    insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros,
                                 cash_after, promo_after, held_after, withdrawing_after)
    values (p_customer, v_seq, p_at, 'release', 'cash', p_kind, p_ref, p_cash, v_cash, v_promo, v_held, v_withdrawing);
  end if;
  return v_event;
end $$;

-- Credit given by a person, with the reason kept: promo (to spend only) or goodwill (cash).
create function fn.grant_credit(p_customer bigint, p_movement text, p_amount bigint, p_actor text, p_reason text)
returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare v_id bigint; v_at timestamptz := fn.now(); w ledger_wallet;
begin
  if p_movement not in ('promo_grant', 'goodwill_grant') then
    raise exception 'not a grant: %', p_movement using errcode = 'check_violation';
  end if;
  insert into ledger_grant (customer_id, at, actor, reason, movement, amount_micros)
  values (p_customer, v_at, p_actor, p_reason, p_movement, p_amount) returning id into v_id;
  w := fn.post(p_customer, p_movement, case p_movement when 'promo_grant' then 'promo' else 'cash' end,
               'grant', v_id, p_amount, v_at, 1);
  insert into core_event (customer_id, seq, at, type) values (p_customer, w.event_seq, v_at, 'balance.credited');
  perform fn.audit_log(p_actor, p_movement, 'customer ' || p_customer,
                       jsonb_build_object('grant', v_id, 'amount_micros', p_amount, 'reason', p_reason));
  perform fn.announce(p_customer, w.event_seq, 'balance.credited', null, null, null);
  return v_id;
end $$;

-- Frozen: no new rents; refunds still arrive (POLICY 2.1.13).
create function fn.wallet_freeze(p_customer bigint, p_frozen boolean) returns void
language sql security definer set search_path = public, pg_temp as $$
  update ledger_wallet set frozen_at = case when p_frozen then fn.now() end where customer_id = p_customer
$$;

-- Sums of a UTC day per house account, once per day and account.
create function fn.close_days() returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with days as (
    select (t.at at time zone 'UTC')::date as day, m.from_account, m.to_account, sum(t.amount_micros) as amount
    from ledger_transfer t join ledger_movement m on m.name = t.movement
    where t.at < date_trunc('day', fn.now(), 'UTC')
      and t.at >= coalesce((select max(day) + 1 from ledger_closing), '-infinity'::date)::timestamp at time zone 'UTC'
    group by 1, 2, 3),
  sides as (select day, from_account as account, -amount as amount from days
            union all select day, to_account, amount from days),
  closed as (
    insert into ledger_closing (day, account, amount_micros)
    select day, account, sum(amount) from sides
    where account not in ('purse', 'cash', 'promo', 'held', 'withdrawing') group by 1, 2
    on conflict do nothing returning 1)
  select count(*) from closed
$$;
