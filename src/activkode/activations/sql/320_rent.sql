-- Rents one number or address: price from the purses (promo first) to held, a lease, an open activation, an event.
-- Gives {"activation": ...} or {"refused": code}; a refusal leaves no trace.
create function fn.rent_one(p_customer bigint, p_service text, p_country text, p_operator text, p_kind text,
                            p_max_price bigint, p_acknowledge boolean) returns json
language plpgsql as $$
declare
  s catalogue_service; o catalogue_offer; w ledger_wallet; a activations_activation;
  v_offered boolean := false; v_lowest bigint; v_number bigint; v_poor boolean := false;
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
      select t.o_number, t.o_phone into v_number, a.address from fn.number_take(o.id, s.senders <> '{}') t;
    else
      a.address := fn.mailbox_take(o.operator);
    end if;
    exit when a.address is not null;
  end loop;
  if a.address is null then
    if not v_offered then return json_build_object('refused', 'unknown_service'); end if;
    if v_poor then return json_build_object('refused', 'insufficient_balance', 'price_micros', o.price_micros,
                                            'available_micros', w.cash + w.promo); end if;
    if v_lowest > p_max_price then return json_build_object('refused', 'price_rose', 'price_micros', v_lowest); end if;
    return json_build_object('refused', 'no_numbers');
  end if;
  a.customer_id := p_customer;
  a.service_id := s.id;
  a.offer_id := o.id;
  a.kind := o.kind;
  a.country_id := o.country_id;
  a.operator := o.operator;
  a.price_micros := o.price_micros;
  a := fn.activation_hold(a, w, s);
  insert into supply_lease (activation_id, customer_id, service_id, offer_id, kind, address, number_id, starts_at, ends_at, blocking)
  values (a.id, a.customer_id, a.service_id, a.offer_id, a.kind, a.address, v_number, a.opened_at, a.expires_at, true);
  return json_build_object('activation', fn.activation_document(a));
end $$;

-- The hold, the row and the event of a new activation. Without an address it is `requesting`: a supplier is still to
-- be asked, and the clock settles it within {{requesting_seconds}} s if nobody does.
create function fn.activation_hold(a activations_activation, w ledger_wallet, s catalogue_service)
returns activations_activation language plpgsql as $$
declare v_promo bigint := least(w.promo, a.price_micros);
begin
  a.id := nextval('activations_number');
  a.promo_micros := v_promo;
  a.state := case when a.address is null then 'requesting' else 'waiting' end;
  a.address := coalesce(a.address, '');
  a.revision := 1;
  a.policy_version := {{policy_version}};
  a.window_seconds := coalesce(s.window_seconds, {{window_seconds}});
  a.opened_at := fn.now();
  a.cancel_from := a.opened_at + make_interval(secs => s.cancel_lock_seconds);
  a.expires_at := a.opened_at + make_interval(secs => case a.state when 'waiting' then a.window_seconds else {{requesting_seconds}} end);
  if v_promo > 0 then
    w := fn.post(a.customer_id, 'hold', 'promo', 'activation', a.id, v_promo, a.opened_at,
                 case when v_promo = a.price_micros then 1 else 0 end);
  end if;
  if a.price_micros > v_promo then
    w := fn.post(a.customer_id, 'hold', 'cash', 'activation', a.id, a.price_micros - v_promo, a.opened_at, 1);
  end if;
  insert into activations_activation values (a.*);
  insert into core_event (customer_id, seq, at, type, activation_id, revision)
  values (a.customer_id, w.event_seq, a.opened_at, 'activation.opened', a.id, 1);
  return a;
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
  a.customer_id := p_customer;
  a.service_id := s.id;
  a.offer_id := o.id;
  a.kind := o.kind;
  a.country_id := o.country_id;
  a.operator := o.operator;
  a.price_micros := o.price_micros;
  a := fn.activation_hold(a, w, s);
  return json_build_object('activation', fn.activation_document(a));
end $$;
