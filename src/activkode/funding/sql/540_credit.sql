-- What a deposit is worth in micro-dollars, floored once (POLICY 2.5); may be more than the books can hold. `div` cuts the
-- quotient off exactly; `/` rounds it at some digit before a floor could see it.
create function fn.deposit_value(p_amount numeric, p_rate numeric, p_decimals int) returns numeric language sql immutable as $$
  select div(p_amount * p_rate * 1000000, power(10::numeric, p_decimals))
$$;

-- The rate by which an asset is credited now, or null: usable, and every source of it young enough (2.2.3).
create function fn.rate_now(p_asset text) returns funding_rate language sql stable as $$
  select r from funding_rate r
  where r.asset = p_asset and r.usable and r.rate > 0 and r.oldest_at > fn.now() - interval '{{rate_age_seconds}} seconds'
$$;

-- Whether a block at that height is deep enough for that many micro-dollars (2.2.2).
create function fn.deep_enough(c funding_chain, a funding_asset, p_height bigint, p_micros numeric) returns boolean
language sql immutable as $$
  select c.cursor_height - p_height + 1 >= case when p_micros > a.deep_above_micros then a.deep_confirmations else a.confirmations end
     and (p_height <= c.final_height or not case when p_micros > a.deep_above_micros then a.deep_final else a.final_only end)
$$;

-- Deposits of a chain about which something may be due now, by id. Of a customer's small ones the newest stands for all:
-- a thousand specks of dust must not keep others waiting.
create function fn.deposits_open(p_chain text, p_after bigint, p_limit int) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select d.id from funding_deposit d
  where d.chain = p_chain and d.id > p_after
    and (d.state in ('seen', 'confirming', 'pricing', 'accumulating', 'orphaned', 'under_case') or d.unmined_at is not null)
    and (d.state in ('confirming', 'pricing') and d.block is not null or d.state = 'credited' and d.unmined_at is not null
         or d.state = 'accumulating' and not exists (
           select from funding_deposit o where o.customer_id = d.customer_id and o.asset = d.asset and o.state = 'accumulating'
           and o.id > d.id))
  order by d.id limit p_limit
$$;

-- Settles one deposit as far as it can be now: credited, waiting for a rate, for depth or for company, or reversed when its
-- block is gone. The chain's row keeps blocks from coming or going meanwhile. Call it when the chain was read to its head.
create function fn.deposit_settle(p_chain text, p_id bigint, p_at text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare c funding_chain; a funding_asset; w ledger_wallet; d funding_deposit; r funding_rate; v_value numeric; v_others numeric;
begin
  select * into strict c from funding_chain where name = p_chain for share;
  if c.cursor_hash <> p_at then return null; end if;  -- another clock goes back or forward
  select wallet.* into strict w from ledger_wallet wallet
    where customer_id = (select customer_id from funding_deposit where id = p_id and chain = p_chain) for update;
  select * into strict d from funding_deposit where id = p_id for update;
  if d.state = 'credited' and d.unmined_at is not null then return (fn.deposit_reverse(d, w)).state; end if;
  if d.state not in ({{ripening}}) or d.block is null then return d.state; end if;
  select * into strict a from funding_asset where name = d.asset;
  if not fn.deep_enough(c, a, d.height, 0) then return d.state; end if;
  if d.credited_micros is not null then  -- back in the chain after a reversal: exactly what was taken returns
    if fn.deep_enough(c, a, d.height, d.credited_micros) then d := fn.deposit_restore(d); end if;
    return d.state;
  end if;
  r := fn.rate_now(d.asset);
  if r.asset is null then return fn.deposit_rest(d, 'lack_rate'); end if;
  v_value := fn.deposit_value(d.amount, r.rate, a.decimals);
  if v_value > {{topup_most_micros}} then
    if v_value > 9e18 or not d.accepted then return (fn.deposit_step(d, 'doubt', 'beyond_limit')).state; end if;
  end if;
  if not fn.deep_enough(c, a, d.height, (  -- what one transaction pays in many pieces is as deep as one payment
      select sum(fn.deposit_value(o.amount, r.rate, a.decimals)) from funding_deposit o
      where o.chain = d.chain and o.tx = d.tx and o.asset = d.asset)) then return fn.deposit_rest(d, 'lack_depth'); end if;
  select coalesce(sum(fn.deposit_value(o.amount, r.rate, a.decimals)), 0) into v_others from funding_deposit o
    where o.customer_id = d.customer_id and o.asset = d.asset and o.state = 'accumulating' and o.block is not null and o.id <> d.id;
  if v_value + v_others < {{topup_least_micros}} then return fn.deposit_rest(d, 'lack_amount'); end if;
  d := fn.deposit_credit(d, r, v_value);
  for d in select * from funding_deposit o where o.customer_id = d.customer_id and o.asset = d.asset and o.state = 'accumulating'
           and o.block is not null and o.id <> p_id order by o.id for update loop
    perform fn.deposit_credit(d, r, fn.deposit_value(d.amount, r.rate, a.decimals));
  end loop;
  return (select state from funding_deposit where id = p_id);
end $$;

-- The credit, with the rate that it rests on. What is worth less than a micro-dollar waits for company.
create function fn.deposit_credit(d funding_deposit, r funding_rate, p_value numeric) returns funding_deposit
language plpgsql as $$
begin
  if p_value < 1 then return d; end if;
  d.rate := r.rate;
  d.rate_at := r.oldest_at;
  d.rate_sources := r.sources;
  d.credited_micros := p_value;
  d.credited_at := fn.now();
  return fn.deposit_step(d, 'credit', null, p_value::bigint);
end $$;

-- The block of a credited deposit is gone: the credit is taken back as far as cash goes, the rest is a case (2.2.6). A
-- deposit that was restored once is left to a person.
create function fn.deposit_reverse(d funding_deposit, w ledger_wallet) returns funding_deposit language plpgsql as $$
declare v_take bigint := case when d.reversed_at is null then least(w.cash, d.credited_micros) else 0 end;
begin
  d.reversed_at := fn.now();
  d.reversed_micros := d.reversed_micros + v_take;
  if v_take = d.credited_micros then return fn.deposit_step(d, 'reverse', null, v_take); end if;
  return fn.deposit_step(d, 'fall_short', 'shortfall', v_take);
end $$;

create function fn.deposit_restore(d funding_deposit) returns funding_deposit language plpgsql as $$
declare v_back bigint := d.reversed_micros - d.restored_micros; v_coin text;
begin
  d.restored_micros := d.reversed_micros;
  if v_back > 0 then
    select coin into strict v_coin from funding_asset where name = d.asset;
    perform fn.post(d.customer_id, 'topup_restored_' || v_coin, 'cash', 'topup', d.id, v_back, fn.now(), 0);
  end if;
  return fn.deposit_step(d, 'credit');
end $$;

-- A person's decision about a deposit under case: `decide_credit` lets it be credited as others are, `decide_close` ignores
-- it, `write_off` ends a shortfall at the house's cost. Null when the deposit is in no state for it.
create function fn.deposit_decide(p_id bigint, p_event text, p_actor text, p_why text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare d funding_deposit; v_amount bigint := 0;
begin
  perform 1 from ledger_wallet where customer_id = (select customer_id from funding_deposit where id = p_id) for update;
  select * into d from funding_deposit where id = p_id for update;
  if d.state is distinct from 'under_case' or not coalesce(case p_event
    when 'decide_credit' then d.asset is not null and d.block is not null
    when 'decide_close' then d.reason <> 'shortfall'
    when 'write_off' then d.reason = 'shortfall' and d.block is null and d.written_off_micros = 0 end, false) then return null; end if;
  d.note := p_why;
  if p_event = 'decide_credit' then d.accepted := true; end if;
  if p_event = 'write_off' then
    v_amount := d.credited_micros - d.reversed_micros + d.restored_micros;
    d.written_off_micros := v_amount;
    d.unmined_at := null;
  end if;
  d := fn.deposit_step(d, p_event, case p_event when 'decide_close' then 'closed' end, v_amount);
  perform fn.audit_log(p_actor, 'deposit ' || p_event, 'deposit ' || p_id, jsonb_build_object('why', p_why, 'amount_micros', v_amount));
  return d.state;
end $$;

-- What the sources say an asset is worth; the last usable answer is remembered beside it.
create function fn.rate_keep(p_asset text, p_rate numeric, p_sources jsonb, p_oldest timestamptz, p_trouble text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into funding_rate (asset, rate, sources, oldest_at, usable, trouble, looked_at, believed_rate, believed_at)
  values (p_asset, p_rate, p_sources, p_oldest, p_trouble = '', p_trouble, fn.now(),
          case when p_trouble = '' then p_rate end, case when p_trouble = '' then p_oldest end)
  on conflict (asset) do update set rate = excluded.rate, sources = excluded.sources, oldest_at = excluded.oldest_at,
    usable = excluded.usable, trouble = excluded.trouble, looked_at = excluded.looked_at,
    believed_rate = coalesce(excluded.believed_rate, funding_rate.believed_rate),
    believed_at = coalesce(excluded.believed_at, funding_rate.believed_at)
$$;
