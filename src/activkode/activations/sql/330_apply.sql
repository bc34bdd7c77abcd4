-- Carries out one row of the policy's table on a locked activation: state, money, lease, event, in this transaction.
create function fn.activation_step(a activations_activation, r activations_rule, p_type text, p_payload json)
returns activations_activation language plpgsql as $$
declare v_at timestamptz := fn.now(); w ledger_wallet;
begin
  a.revision := a.revision + 1;
  if r.to_state <> a.state then
    a.clause := r.clause;
    if r.to_state in ({{closed_states}}) then a.closed_at := v_at; end if;
    if r.movement = 'release' then a.refunded_at := v_at; end if;
  end if;
  update activations_activation set state = r.to_state, revision = a.revision, clause = a.clause, closed_at = a.closed_at,
    refunded_at = a.refunded_at where customer_id = a.customer_id and id = a.id and state = a.state;
  if not found then raise exception 'activation % is not %', a.id, a.state; end if;
  a.state := r.to_state;
  if r.movement is not null then
    w := fn.activation_post(a, r.movement, v_at);
  else
    update ledger_wallet set event_seq = event_seq + 1 where customer_id = a.customer_id returning * into strict w;
  end if;
  if a.closed_at is not null then perform fn.lease_release(a.id, v_at); end if;
  insert into core_event (customer_id, seq, at, type, activation_id, revision, payload)
  values (a.customer_id, w.event_seq, v_at, p_type, a.id, a.revision, p_payload);
  -- Commits that NOTIFY wait for each other's disk, since PostgreSQL holds one lock for all of them. So only a message,
  -- for which a person sits and waits, is announced; who follows core_event sees the rest a quarter second later.
  if p_payload is not null then
    perform fn.announce(a.customer_id, w.event_seq, p_type, a.id, a.revision, p_payload);
  end if;
  return a;
end $$;

-- A person's or a supplier's event. Gives {"activation": ...} (changed, or the same answer again) or
-- {"refused": code, "activation": ...}: the loser of a race is told what is true now (POLICY 2.1.1).
create function fn.activation_apply(p_customer bigint, p_id bigint, p_event text) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare v json;
begin
  if p_event in ({{refunding_events}}) then
    v := fn.activation_refund(p_customer, p_id, p_event);
    if v is not null then return v; end if;
  end if;
  return fn.activation_decide(p_customer, p_id, p_event);
end $$;

-- An event that ends an activation and gives its price back, where the policy's row says so and nothing stands in the way:
-- most cancels. One conditional statement decides, and is the lock. Null, and nothing done, in every other case.
create function fn.activation_refund(p_customer bigint, p_id bigint, p_event text) returns json
language plpgsql as $$
declare
  v_code text; v_kind text; v_country text; v_operator text; v_address text; v_price bigint; v_promo bigint; v_state text;
  v_window int; v_opened timestamptz; v_cancel timestamptz; v_expires timestamptz; v_revision int; v_policy int; v_clause text;
  v_event bigint; v_at timestamptz := fn.now();
begin
  update activations_activation a
  set state = r.to_state, revision = a.revision + 1, clause = r.clause, closed_at = v_at, refunded_at = v_at
  from activations_rule r, catalogue_service s
  where a.customer_id = p_customer and a.id = p_id and s.id = a.service_id and r.event = p_event and r.from_state = a.state
    and r.movement = 'release' and r.refusal is null and (p_event <> 'cancel' or a.cancel_from <= v_at)
  returning s.code, a.kind, a.country_id, a.operator, a.address, a.price_micros, a.promo_micros, a.state, a.window_seconds,
    a.opened_at, a.cancel_from, a.expires_at, a.revision, a.policy_version, a.clause
  into v_code, v_kind, v_country, v_operator, v_address, v_price, v_promo, v_state, v_window,
    v_opened, v_cancel, v_expires, v_revision, v_policy, v_clause;
  if v_code is null then return null; end if;
  v_event := fn.release(p_customer, 'activation', p_id, v_promo, v_price - v_promo, v_at);
  perform fn.lease_release(p_id, v_at);
  insert into core_event (customer_id, seq, at, type, activation_id, revision)
  values (p_customer, v_event, v_at, 'activation.' || v_state, p_id, v_revision);
  return json_build_object('activation', fn.activation_told(p_id, p_customer, v_kind, v_code, v_country, v_operator, v_address,
    v_price, v_state, v_window, v_opened, v_cancel, v_expires, v_at, v_revision, v_policy, v_clause, v_at,
    case when v_revision = 2 then '[]' else fn.activation_messages(p_customer, p_id) end));  -- every message is a revision
end $$;

-- The same of every event, with the row locked first.
create function fn.activation_decide(p_customer bigint, p_id bigint, p_event text) returns json
language plpgsql as $$
declare a activations_activation; r activations_rule; v_refused text;
begin
  select * into a from activations_activation where customer_id = p_customer and id = p_id for update;
  if not found then return json_build_object('refused', 'unknown_activation'); end if;
  select * into strict r from activations_rule where event = p_event and from_state = a.state;
  v_refused := r.refusal;
  if v_refused is null and r.to_state is not null then
    if p_event = 'cancel' and fn.now() < a.cancel_from then v_refused := 'cancel_locked'; end if;
    if p_event = 'reveal' then
      update activations_message set shown = true where customer_id = p_customer and activation_id = p_id and not shown;
      if not found then v_refused := 'nothing_to_reveal'; end if;
    end if;
  end if;
  if v_refused is not null then
    return json_build_object('refused', v_refused, 'activation', fn.activation_document(a));
  end if;
  if r.to_state is not null then a := fn.activation_step(a, r, 'activation.' || r.to_state, null); end if;
  return json_build_object('activation', fn.activation_document(a));
end $$;

-- The same, once per idempotency key.
create function fn.activation_apply_once(p_customer bigint, p_id bigint, p_event text, p_key text, p_hash bytea) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare v json := fn.key_begin(p_customer, p_key, p_hash);
begin
  if v is not null then return v; end if;
  v := fn.activation_apply(p_customer, p_id, p_event);
  perform fn.key_end(p_customer, p_key, p_hash, v);
  return v;
end $$;

-- A supplier's number for a requesting activation; the window starts now (POLICY 2.1.3).
create function fn.activation_number(p_customer bigint, p_id bigint, p_address text) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare a activations_activation; r activations_rule; v_at timestamptz := fn.now();
begin
  select * into a from activations_activation where customer_id = p_customer and id = p_id for update;
  if not found then return json_build_object('refused', 'unknown_activation'); end if;
  select * into strict r from activations_rule where event = 'number' and from_state = a.state;
  if r.refusal is not null then
    return json_build_object('refused', r.refusal, 'activation', fn.activation_document(a));
  end if;
  update activations_activation set address = p_address, expires_at = v_at + make_interval(secs => window_seconds)
  where customer_id = p_customer and id = p_id returning * into a;
  insert into supply_lease (activation_id, customer_id, service_id, offer_id, kind, address, starts_at, ends_at, blocking)
  values (a.id, a.customer_id, a.service_id, a.offer_id, a.kind, a.address, v_at, a.expires_at, true);
  a := fn.activation_step(a, r, 'activation.waiting', null);
  return json_build_object('activation', fn.activation_document(a));
end $$;

-- State changes only along the edges of activations/policy.py, whoever writes. The trigger's function is called only to
-- refuse, for 500,000 rows expire at once; and its condition is short, for PostgreSQL parses it for every statement. It
-- comes after the change, which it undoes with its statement: before it, PostgreSQL would lock and log every row first.
create function fn.edge_allowed(p_from text, p_to text) returns boolean language plpgsql immutable as $$
begin
  return p_from = p_to or (p_from || '>' || p_to) in ({{activation_edges}});
end $$;

create function fn.activation_edge() returns trigger language plpgsql as $$
begin
  raise exception 'activation % cannot go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
end $$;
drop trigger if exists edges on activations_activation;
create trigger edges after update of state on activations_activation for each row
when (not fn.edge_allowed(old.state, new.state)) execute function fn.activation_edge();
