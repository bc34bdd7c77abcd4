-- Carries out one row of funding_rule on a locked deposit whose customer's wallet is locked, and writes the fields that
-- the caller has set on it. A changed state is told to the customer. `p_amount` is what the rule's movement moves.
create function fn.deposit_step(d funding_deposit, p_event text, p_reason text default null, p_amount bigint default 0)
returns funding_deposit language plpgsql as $$
declare r funding_rule; w ledger_wallet; v_from text := d.state;
begin
  select * into strict r from funding_rule where event = p_event and from_state = d.state;
  if r.to_state is not null then
    d.state := r.to_state;
    d.reason := p_reason;
  end if;
  update funding_deposit set
    state = d.state, reason = d.reason, note = d.note, accepted = d.accepted, amount = d.amount, asset = d.asset, token = d.token,
    pending_at = d.pending_at, height = d.height, block = d.block, mined_at = d.mined_at, unmined_at = d.unmined_at,
    inputs = d.inputs, replaced_by = d.replaced_by, rate = d.rate, rate_at = d.rate_at, rate_sources = d.rate_sources,
    credited_micros = d.credited_micros, credited_at = d.credited_at, reversed_micros = d.reversed_micros,
    reversed_at = d.reversed_at, restored_micros = d.restored_micros, written_off_micros = d.written_off_micros
  where id = d.id and state = v_from;
  if not found then raise exception 'deposit % is not %', d.id, v_from; end if;
  if r.to_state is null then return d; end if;
  if r.movement is not null and p_amount > 0 then
    w := fn.post(d.customer_id, (select r.movement || '_' || coin from funding_asset where name = d.asset), 'cash', 'topup',
                 d.id, p_amount, fn.now(), 1);
  else
    update ledger_wallet set event_seq = event_seq + 1 where customer_id = d.customer_id returning * into strict w;
  end if;
  perform fn.deposit_tell(d, w, 'topup.' || d.state);
  return d;
end $$;

-- The same where the rule changes the state; a round that changes nothing writes nothing.
create function fn.deposit_rest(d funding_deposit, p_event text) returns text language plpgsql as $$
begin
  perform 1 from funding_rule where event = p_event and from_state = d.state and to_state is not null;
  if not found then return d.state; end if;
  return (fn.deposit_step(d, p_event)).state;
end $$;

-- The event of a deposit, its notice, and the mail that a credit and what undoes it deserve.
create function fn.deposit_tell(d funding_deposit, w ledger_wallet, p_type text) returns void language plpgsql as $$
declare v_payload jsonb := jsonb_build_object('topup', d.id, 'state', d.state, 'asset', d.asset, 'amount', d.amount::text,
                                              'credited_micros', d.credited_micros);
begin
  insert into core_event (customer_id, seq, at, type, payload) values (d.customer_id, w.event_seq, fn.now(), p_type, v_payload);
  perform fn.announce(d.customer_id, w.event_seq, p_type, null, null, v_payload::json);
  if d.state in ('credited', 'reversed', 'under_case') then
    insert into core_outbox (topic, payload, created_at, due_at, attempts, last_error)
    values ('topup_mail', jsonb_build_object('deposit', d.id, 'state', d.state), fn.now(), fn.now(), 0, '');
  end if;
end $$;

-- What a block, or the mempool (p_block null), moves to our addresses. Rows of p_found: tx, position, key, asset, token,
-- amount, inputs, reason; what goes to nobody's address is passed over.
create function fn.deposits_found(p_chain text, p_found jsonb, p_height bigint, p_block text) returns void
language plpgsql as $$
declare f record;
begin
  if p_found = '[]' then return; end if;
  perform 1 from ledger_wallet where customer_id in
    (select a.customer_id from jsonb_to_recordset(p_found) as x (key text)
     join funding_address a on a.chain = p_chain and a.key = x.key) order by customer_id for update;
  for f in
    select x.*, a.customer_id, a.address
    from jsonb_to_recordset(p_found) as x (tx text, position int, key text, asset text, token text, amount numeric, inputs jsonb,
                                           reason text)
    join funding_address a on a.chain = p_chain and a.key = x.key order by a.customer_id, x.tx, x.position
  loop
    perform fn.deposit_found(p_chain, f.tx, f.position, f.customer_id, f.address, f.asset, coalesce(f.token, ''), f.amount,
                             f.inputs, f.reason, p_height, p_block);
  end loop;
end $$;

create function fn.deposit_found(p_chain text, p_tx text, p_position int, p_customer bigint, p_address text, p_asset text,
                                 p_token text, p_amount numeric, p_inputs jsonb, p_reason text, p_height bigint, p_block text)
returns void language plpgsql as $$
declare d funding_deposit; w ledger_wallet; v_at timestamptz := fn.now();
begin
  -- By the address too: on another branch the same place may pay somebody else.
  select * into d from funding_deposit
  where chain = p_chain and tx = p_tx and position = p_position and address = p_address for update;
  if not found then
    insert into funding_deposit (id, chain, tx, position, customer_id, address, asset, token, amount, state, reason, note, accepted,
      seen_at, pending_at, height, block, mined_at, inputs, reversed_micros, restored_micros, written_off_micros, policy_version)
    values (nextval('deposits_number'), p_chain, p_tx, p_position, p_customer, p_address, p_asset, p_token, p_amount,
      case when p_reason in ({{doubts}}) then '{{first_doubted}}' when p_reason is not null then 'ignored'
           when p_block is null then '{{first_sighted}}' else '{{first_mined}}' end,
      p_reason, '', false, v_at, case when p_block is null then v_at end, p_height, p_block,
      case when p_block is not null then v_at end, p_inputs, 0, 0, 0, {{policy_version}})
    returning * into d;
    if d.state <> 'ignored' then
      update ledger_wallet set event_seq = event_seq + 1 where customer_id = p_customer returning * into strict w;
      perform fn.deposit_tell(d, w, 'topup.seen');
    end if;
    return;
  end if;
  if p_block is null then
    d.pending_at := v_at;
    d.inputs := coalesce(d.inputs, p_inputs);
    perform fn.deposit_step(d, 'sight');
    return;
  end if;
  if d.block is not null then return; end if;  -- it stands in a block already
  if p_reason in ({{ignorable}}) then  -- it was carried out and moved nothing: what was credited stays gone
    perform 1 from funding_rule where event = 'dismiss' and from_state = d.state and (to_state is not null or d.state = 'ignored');
    if not found then return; end if;
    d.block := p_block;
    d.height := p_height;
    d.mined_at := v_at;
    d.unmined_at := null;
    perform fn.deposit_step(d, 'dismiss', p_reason);
    return;
  end if;
  if d.amount <> p_amount or d.asset is distinct from p_asset then
    if d.credited_micros is not null then  -- another payment than the one that was credited: that one stays gone
      d.note := 'mined again with another amount: ' || p_amount;
      perform fn.deposit_step(d, 'sight');
      return;
    end if;
    d.amount := p_amount;
    d.asset := p_asset;
    d.token := p_token;
  end if;
  d.block := p_block;
  d.height := p_height;
  d.mined_at := v_at;
  d.unmined_at := null;
  if d.state = 'ignored' and d.reason = 'closed' then perform fn.deposit_step(d, 'sight');  -- what a person closed stays so
  elsif p_reason in ({{doubts}}) then perform fn.deposit_step(d, 'doubt', p_reason);
  else perform fn.deposit_step(d, 'mine'); end if;
end $$;

-- What the mempool holds for us now.
create function fn.deposits_sighted(p_chain text, p_found jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from funding_chain where name = p_chain for share;
  perform fn.deposits_found(p_chain, p_found, null, null);
end $$;

-- Payments that wait for a block, and whose coins another transaction has spent: rows of p_spent are [output, spender].
create function fn.deposits_replace(p_chain text, p_spent jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare d funding_deposit; s record;
begin
  if p_spent = '[]' then return; end if;
  perform 1 from ledger_wallet where customer_id in
    (select customer_id from funding_deposit where chain = p_chain and state in ('seen', 'orphaned')) order by customer_id for update;
  for s in
    select w.id, min(x ->> 1) as spender from funding_deposit w, jsonb_array_elements(p_spent) x
    where w.chain = p_chain and w.state in ('seen', 'orphaned') and w.inputs ? (x ->> 0) and x ->> 1 <> w.tx
    group by w.id order by w.id
  loop
    select * into d from funding_deposit where id = s.id for update;
    d.replaced_by := s.spender;
    perform fn.deposit_step(d, 'replace', 'double_spent');
  end loop;
end $$;

-- Payments that have been in no block and no mempool for {{pending_days}} days.
create function fn.deposits_vanish(p_limit int) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare d funding_deposit; v_id bigint; v_customer bigint; n bigint := 0;
begin
  for v_id, v_customer in
    select id, customer_id from funding_deposit where state in ('seen', 'orphaned')
    and greatest(seen_at, pending_at, unmined_at) < fn.now() - interval '{{pending_days}} days' order by customer_id, id limit p_limit
  loop
    perform 1 from ledger_wallet where customer_id = v_customer for update;
    select * into d from funding_deposit where id = v_id for update;
    if d.state in ('seen', 'orphaned') then
      perform fn.deposit_step(d, 'vanish', 'vanished');
      n := n + 1;
    end if;
  end loop;
  return n;
end $$;

-- State changes only along the edges of funding/policy.py, whoever writes.
create function fn.deposit_edge() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state || '>' || new.state) not in ({{deposit_edges}}) then
    raise exception 'deposit % cannot go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
drop trigger if exists edges on funding_deposit;
create trigger edges before update of state on funding_deposit for each row execute function fn.deposit_edge();
