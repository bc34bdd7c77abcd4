-- Rents one number or address: price from the purses (promo first) to held, a lease, an open activation, an event.
-- Gives {"activation": ...} or {"refused": code}; a refusal leaves no trace.
create function fn.rent_one(p_customer bigint, p_service text, p_country text, p_operator text, p_kind text,
                            p_max_price bigint, p_acknowledge boolean) returns json
language plpgsql as $$
declare
  s catalogue_service; o catalogue_offer; w ledger_wallet; a activations_activation; f supply_free;
  v_offered boolean := false; v_lowest bigint; v_address text; v_poor boolean := false;
  v_kind text := coalesce(p_kind, case when p_country is not null then 'sms' end);
begin
  select * into s from catalogue_service where code = p_service and active;
  if not found then return json_build_object('refused', 'unknown_service'); end if;
  select * into w from ledger_wallet where customer_id = p_customer for update;
  if w.frozen_at is not null then return json_build_object('refused', 'account_suspended'); end if;
  if s.virtual_numbers = 'banned' and not (s.open_despite_ban and p_acknowledge) then
    return json_build_object('refused', 'service_banned', 'open', s.open_despite_ban);
  end if;
  for o in
    select * from catalogue_offer
    where service_id = s.id and active and delisted_at is null and (v_kind is null or kind = v_kind)
      and (p_country is null or country_id = p_country) and (p_operator is null or operator = p_operator)
    order by price_micros, id
  loop
    v_offered := true;
    v_lowest := coalesce(v_lowest, o.price_micros);
    exit when o.price_micros > p_max_price;
    v_poor := o.price_micros > w.cash + w.promo;
    exit when v_poor;
    if o.kind = 'sms' then
      f := fn.number_take(o.id, s.senders <> '{}');
      v_address := f.phone;
    else
      v_address := fn.mailbox_take(o.operator);
    end if;
    exit when v_address is not null;
  end loop;
  if v_address is null then
    if not v_offered then return json_build_object('refused', 'unknown_service'); end if;
    if v_poor then return json_build_object('refused', 'insufficient_balance', 'price_micros', o.price_micros,
                                            'available_micros', w.cash + w.promo); end if;
    if v_lowest > p_max_price then return json_build_object('refused', 'price_rose', 'price_micros', v_lowest); end if;
    return json_build_object('refused', 'no_numbers');
  end if;
  a := fn.activation_hold(w, s, o, v_address);
  insert into supply_lease (activation_id, customer_id, service_id, offer_id, kind, address, number_id, starts_at, ends_at, blocking)
  values (a.id, a.customer_id, a.service_id, a.offer_id, a.kind, a.address, f.number_id, a.opened_at, a.expires_at, true);
  return json_build_object('activation', fn.activation_json(a, s.code, '[]'));
end $$;

-- The hold, the row and the event of a new activation. Without an address it is `requesting`: a supplier is still to
-- be asked, and the clock settles it within {{requesting_seconds}} s if nobody does.
create function fn.activation_hold(w ledger_wallet, s catalogue_service, o catalogue_offer, p_address text)
returns activations_activation language plpgsql as $$
declare
  a activations_activation; v_at timestamptz := fn.now(); v_window int := coalesce(s.window_seconds, {{window_seconds}});
begin
  insert into activations_activation (customer_id, id, service_id, offer_id, kind, country_id, operator, address, price_micros,
    promo_micros, state, revision, policy_version, window_seconds, opened_at, cancel_from, expires_at)
  values (w.customer_id, nextval('activations_number'), s.id, o.id, o.kind, o.country_id, o.operator, coalesce(p_address, ''),
    o.price_micros, least(w.promo, o.price_micros), case when p_address is null then 'requesting' else 'waiting' end,
    1, {{policy_version}}, v_window, v_at, v_at + make_interval(secs => s.cancel_lock_seconds),
    v_at + make_interval(secs => case when p_address is null then {{requesting_seconds}} else v_window end))
  returning * into a;
  w := fn.activation_post(a, 'hold', v_at);
  insert into core_event (customer_id, seq, at, type, activation_id, revision)
  values (a.customer_id, w.event_seq, v_at, 'activation.opened', a.id, 1);
  return a;
end $$;

-- One movement of an activation's price, each part in its purse, and one event number.
create function fn.activation_post(a activations_activation, p_movement text, p_at timestamptz)
returns ledger_wallet language plpgsql as $$
declare w ledger_wallet;
begin
  if a.promo_micros > 0 then
    w := fn.post(a.customer_id, p_movement, 'promo', 'activation', a.id, a.promo_micros, p_at,
                 (a.promo_micros = a.price_micros)::int);
  end if;
  if a.promo_micros < a.price_micros then
    w := fn.post(a.customer_id, p_movement, 'cash', 'activation', a.id, a.price_micros - a.promo_micros, p_at, 1);
  end if;
  return w;
end $$;

-- One call of a door: `p_quantity` rentals, once per idempotency key. The first answer is kept and given again.
create function fn.rent(p_customer bigint, p_service text, p_country text, p_operator text, p_kind text, p_max_price bigint,
                        p_acknowledge boolean, p_quantity int, p_key text, p_hash bytea) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare v json; v_one json; v_all json[] := '{}'; v_refused text;
begin
  if p_key is not null then
    v := fn.key_begin(p_customer, p_key, p_hash);
    if v is not null then return v; end if;
  end if;
  if p_quantity is null then
    v := fn.rent_one(p_customer, p_service, p_country, p_operator, p_kind, p_max_price, p_acknowledge);
  else
    for i in 1..p_quantity loop
      v_one := fn.rent_one(p_customer, p_service, p_country, p_operator, p_kind, p_max_price, p_acknowledge);
      exit when v_one ->> 'refused' is not null;
      v_all := v_all || (v_one -> 'activation');
    end loop;
    v := case when cardinality(v_all) = 0 then v_one
              else json_build_object('activations', array_to_json(v_all), 'failed', p_quantity - cardinality(v_all)) end;
  end if;
  if p_key is not null then perform fn.key_end(p_customer, p_key, p_hash, v); end if;
  return v;
end $$;

-- Holds the price for a number that a supplier is still to be asked for, outside any transaction: the row comes first, so
-- that a crash in between leaves something to settle.
create function fn.request_number(p_customer bigint, p_offer int) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare s catalogue_service; o catalogue_offer; w ledger_wallet; a activations_activation;
begin
  select * into strict o from catalogue_offer where id = p_offer;
  select * into strict s from catalogue_service where id = o.service_id;
  select * into strict w from ledger_wallet where customer_id = p_customer for update;
  if w.frozen_at is not null then return json_build_object('refused', 'account_suspended'); end if;
  if o.price_micros > w.cash + w.promo then
    return json_build_object('refused', 'insufficient_balance', 'price_micros', o.price_micros, 'available_micros', w.cash + w.promo);
  end if;
  a := fn.activation_hold(w, s, o, null);
  return json_build_object('activation', fn.activation_document(a));
end $$;
