-- Rents one number or address: price from the purses (promo first) to held, a lease, an open activation, an event.
-- Gives {"activation": ...} or {"refused": code}; a refusal leaves no trace.
--
-- Each statement and each expression here is prepared anew for every rent, and that is most of its cost: so one statement
-- looks and judges, and the wallet is locked only by the update that takes the money if all is still as it was seen.
create function fn.rent_one(p_customer bigint, p_service text, p_country text, p_operator text, p_kind text,
                            p_max_price bigint, p_acknowledge boolean) returns json
language plpgsql as $$
declare
  v_service int; v_window int; v_separable boolean; v_open boolean; v_cancel timestamptz; v_expires timestamptz;
  v_offer int; v_kind text; v_country text; v_operator text; v_price bigint; v_promo bigint; v_seen bigint; v_funds bigint;
  v_refused text; v_id bigint; v_address text; v_event bigint; v_at timestamptz := fn.now();
begin
  loop
    select s.id, coalesce(s.window_seconds, {{window_seconds}}), s.senders <> '{}', s.open_despite_ban,
      v_at + make_interval(secs => s.cancel_lock_seconds), v_at + make_interval(secs => coalesce(s.window_seconds, {{window_seconds}})),
      o.id, o.kind, o.country_id, o.operator, o.price_micros, least(w.promo, o.price_micros), w.promo, w.cash + w.promo,
      case when w.frozen_at is not null then 'account_suspended'
           when s.virtual_numbers = 'banned' and not (s.open_despite_ban and p_acknowledge) then 'service_banned'
           when o.id is null then case when v_offer is null then 'unknown_service' else 'no_numbers' end
           when o.price_micros > p_max_price then case when v_offer is null then 'price_rose' else 'no_numbers' end
           when o.price_micros > w.cash + w.promo then 'insufficient_balance' end
    into v_service, v_window, v_separable, v_open, v_cancel, v_expires,
      v_offer, v_kind, v_country, v_operator, v_price, v_promo, v_seen, v_funds, v_refused
    from catalogue_service s
    join ledger_wallet w on w.customer_id = p_customer
    left join lateral (
      select id, kind, country_id, operator, price_micros from catalogue_offer
      where service_id = s.id and active and delisted_at is null and (p_kind is null or kind = p_kind)
        and (p_country is null or country_id = p_country) and (p_operator is null or operator = p_operator)
        and (v_offer is null or (price_micros, id) > (v_price, v_offer))
      order by price_micros, id limit 1) o on true
    where s.code = p_service and s.active;
    if v_refused is not null or v_service is null then
      return case coalesce(v_refused, 'unknown_service')
        when 'service_banned' then json_build_object('refused', v_refused, 'open', v_open)
        when 'insufficient_balance' then json_build_object('refused', v_refused, 'price_micros', v_price, 'available_micros', v_funds)
        when 'price_rose' then json_build_object('refused', v_refused, 'price_micros', v_price)
        else json_build_object('refused', coalesce(v_refused, 'unknown_service')) end;
    end if;
    v_id := nextval('activations_number');
    v_address := fn.lease_take(v_id, p_customer, v_service, v_offer, v_kind, v_operator, v_separable, v_at, v_expires);
    if v_address is not null then
      v_event := fn.hold(p_customer, 'activation', v_id, v_promo, v_price - v_promo, v_seen, v_at);
      exit when v_event is not null;
      perform fn.lease_untake(v_id);  -- the wallet changed meanwhile: all is judged anew
      v_offer := null;
    end if;
  end loop;
  return fn.activation_open(p_customer, v_id, v_service, p_service, v_offer, v_kind, v_country, v_operator, v_address, v_price,
    v_promo, 'waiting', v_window, v_at, v_cancel, v_expires, v_event);
end $$;

-- The row and the event of a new activation whose price is held; gives {"activation": ...}. It is `waiting`, or
-- `requesting` while a supplier is still to be asked.
create function fn.activation_open(p_customer bigint, p_id bigint, p_service int, p_code text, p_offer int, p_kind text,
  p_country text, p_operator text, p_address text, p_price bigint, p_promo bigint, p_state text, p_window int, p_at timestamptz,
  p_cancel timestamptz, p_expires timestamptz, p_event bigint) returns json
language plpgsql as $$
begin
  insert into activations_activation (customer_id, id, service_id, offer_id, kind, country_id, operator, address, price_micros,
    promo_micros, state, revision, policy_version, window_seconds, opened_at, cancel_from, expires_at)
  values (p_customer, p_id, p_service, p_offer, p_kind, p_country, p_operator, p_address, p_price,
    p_promo, p_state, 1, {{policy_version}}, p_window, p_at, p_cancel, p_expires);
  insert into core_event (customer_id, seq, at, type, activation_id, revision)
  values (p_customer, p_event, p_at, 'activation.opened', p_id, 1);
  return json_build_object('activation', fn.activation_told(p_id, p_customer, p_kind, p_code, p_country, p_operator, p_address,
    p_price, p_state, p_window, p_at, p_cancel, p_expires, null, 1, {{policy_version}}, null, null, '[]'));
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
  if p_key is null and p_quantity is null then
    return fn.rent_one(p_customer, p_service, p_country, p_operator, p_kind, p_max_price, p_acknowledge);
  end if;
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
-- that a crash in between leaves something to settle. The clock settles it within {{requesting_seconds}} s if nobody does.
create function fn.request_number(p_customer bigint, p_offer int) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  s catalogue_service; o catalogue_offer; w ledger_wallet; v_promo bigint; v_at timestamptz := fn.now();
  v_id bigint := nextval('activations_number');
begin
  select * into strict o from catalogue_offer where id = p_offer;
  select * into strict s from catalogue_service where id = o.service_id;
  select * into strict w from ledger_wallet where customer_id = p_customer for update;
  if w.frozen_at is not null then return json_build_object('refused', 'account_suspended'); end if;
  if o.price_micros > w.cash + w.promo then
    return json_build_object('refused', 'insufficient_balance', 'price_micros', o.price_micros, 'available_micros', w.cash + w.promo);
  end if;
  v_promo := least(w.promo, o.price_micros);
  return fn.activation_open(p_customer, v_id, s.id, s.code, o.id, o.kind, o.country_id, o.operator, '',
    o.price_micros, v_promo, 'requesting', coalesce(s.window_seconds, {{window_seconds}}), v_at,
    v_at + make_interval(secs => s.cancel_lock_seconds), v_at + make_interval(secs => {{requesting_seconds}}),
    fn.hold(p_customer, 'activation', v_id, v_promo, o.price_micros - v_promo, w.promo, v_at));
end $$;
