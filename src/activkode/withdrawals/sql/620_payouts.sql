-- Whether a payout of this withdrawal may still pay: from its hand-over on, nobody can be sure that nothing is signed.
create function fn.payout_live(x withdrawals_withdrawal) returns boolean language sql stable as $$
  select exists (select from withdrawals_payout p where p.customer_id = x.customer_id and p.withdrawal_id = x.id
                 and p.state in ({{payout_live}}))
$$;

-- Why nothing may be handed to a signer for this withdrawal now; null when it may.
create function fn.payout_obstacle(x withdrawals_withdrawal) returns text language sql stable as $$
  select case
    when x.state not in ({{withdrawal_payable}}) then 'wrong_state'
    when fn.withdrawal_frozen(x) then 'account_suspended'
    when fn.withdrawal_waits_until(x.customer_id) is not null then 'email_changed'
    when x.consent_by is not null then 'consent_awaited'
    when (select count(*) from withdrawals_approval a where a.customer_id = x.customer_id and a.withdrawal_id = x.id)
         < fn.approvals_wanted(x.gross_micros) then 'wrong_state'
    when fn.payout_live(x) then 'being_signed'
    when (select count(*) from withdrawals_payout p where p.customer_id = x.customer_id and p.withdrawal_id = x.id
          and p.signed_at is not null) > x.retries then 'retry_not_decided'
  end
$$;

-- What a net amount of micro-dollars is in the asset's smallest unit, floored once (2.5).
create function fn.payout_amount(p_net bigint, p_rate numeric, p_decimals int) returns numeric language sql immutable as $$
  select div(p_net * power(10::numeric, p_decimals), p_rate * 1000000)
$$;

-- What a payout would be now: amounts, rate, and the place of the wallet's next nonce. Nothing is taken yet.
create function fn.payout_plan(p_customer bigint, p_id bigint, p_wallet text, p_fee_coin text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal; r funding_rate; f funding_rate; a funding_asset; v_why text;
begin
  select * into x from withdrawals_withdrawal where customer_id = p_customer and id = p_id;
  if x.id is null then return fn.refused('not_found'); end if;
  v_why := fn.payout_obstacle(x);
  if v_why is not null then return fn.refused(v_why); end if;
  r := fn.rate_now(x.asset);
  f := fn.rate_now(p_fee_coin);
  if r.asset is null or f.asset is null then return fn.refused('no_rate'); end if;
  select * into strict a from funding_asset where name = x.asset;
  return json_build_object(
    'payout', nextval('payouts_number'), 'address', x.address, 'asset', x.asset, 'decimals', a.decimals,
    'gross_micros', x.gross_micros, 'fee_micros', x.fee_micros, 'network_micros', x.network_micros,
    'rate', r.rate::text, 'rate_at', r.oldest_at, 'fee_rate', f.rate::text,
    'nonce', (select next_nonce from withdrawals_wallet where name = p_wallet),
    'taken', (select coalesce(json_agg(s.spend), '[]') from withdrawals_spend s where s.chain = a.chain));
end $$;

-- Stores a payout and its unsigned transaction, before any signer has it. p_new: payout, wallet, nonce, amount, rate, rate_at,
-- network_micros, most_fee, body, spends, fee, fee_coin, expires_at. Refuses where anything it was built on has changed
-- meanwhile; the caller then builds again.
create function fn.payout_hand(p_customer bigint, p_id bigint, p_by text, p_new jsonb)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id); a funding_asset; v_why text; v_net bigint;
  v_network bigint := (p_new ->> 'network_micros')::bigint; v_nonce bigint := (p_new ->> 'nonce')::bigint; v_at timestamptz := fn.now();
  v_rate numeric := (p_new ->> 'rate')::numeric; v_taken int; v_stored withdrawals_wallet;
begin
  if x.id is null then return fn.refused('not_found'); end if;
  v_why := fn.payout_obstacle(x);
  if v_why is not null then return fn.refused(v_why); end if;
  select * into strict a from funding_asset where name = x.asset;
  if v_network > x.network_micros or v_network < 0 then return fn.refused('consent_awaited'); end if;
  if (p_new ->> 'rate_at')::timestamptz < v_at - 2 * interval '{{rate_age_seconds}} seconds' then return fn.refused('no_rate'); end if;
  -- Built on a rate of a moment ago; further off than sources may be from each other, it was never ours.
  if abs(v_rate / (fn.rate_now(x.asset)).rate - 1) > {{rate_spread_percent}} / 100.0 is not false then return fn.refused('no_rate'); end if;
  v_net := x.gross_micros - x.fee_micros - v_network;
  if (p_new ->> 'amount')::numeric <> fn.payout_amount(v_net, v_rate, a.decimals) then
    raise exception 'payout of withdrawal % pays another amount', x.id using errcode = 'check_violation';
  end if;
  insert into withdrawals_wallet (name, chain, next_nonce) values (p_new ->> 'wallet', a.chain, v_nonce) on conflict do nothing;
  select * into strict v_stored from withdrawals_wallet where name = p_new ->> 'wallet' for update;
  -- The chain has counted further than we have: something else spends from this wallet, or this database was restored and has
  -- forgotten payouts. Until a person has looked, nothing more leaves it (FAILURES O04).
  if (p_new ->> 'chain_nonce')::bigint > v_stored.next_nonce then return fn.refused('wallet_foreign'); end if;
  if v_nonce is distinct from v_stored.next_nonce then return fn.refused('wallet_moved'); end if;
  if exists (select from withdrawals_spend s where s.chain = a.chain and p_new -> 'spends' ? s.spend) then
    return fn.refused('wallet_moved');  -- a coin that went to another payout since this one was built
  end if;
  update withdrawals_wallet set next_nonce = v_nonce + 1 where name = v_stored.name and v_nonce is not null;
  insert into withdrawals_payout (id, customer_id, withdrawal_id, state, asset, chain, wallet, nonce, destination, amount, net_micros,
    rate, rate_at, rate_sources, most_fee, handed_at, standing, confirmations)
  values ((p_new ->> 'payout')::bigint, p_customer, p_id, 'handed', x.asset, a.chain, v_stored.name, v_nonce, x.address,
    (p_new ->> 'amount')::numeric, v_net, v_rate, (p_new ->> 'rate_at')::timestamptz,
    (select sources from funding_rate where asset = x.asset), (p_new ->> 'most_fee')::numeric, v_at, '', 0);
  insert into withdrawals_spend (chain, spend, payout_id)
  select a.chain, s, (p_new ->> 'payout')::bigint from jsonb_array_elements_text(p_new -> 'spends') s on conflict do nothing;
  get diagnostics v_taken = row_count;
  if v_taken <> jsonb_array_length(p_new -> 'spends') then  -- undone as a whole: two payouts must never spend the same
    raise exception 'payout of withdrawal % spends what another spends', x.id using errcode = 'unique_violation';
  end if;
  perform fn.payout_transaction(p_customer, (p_new ->> 'payout')::bigint, 1, 'pay', p_by, p_new);
  update withdrawals_withdrawal set network_micros = v_network where customer_id = p_customer and id = p_id;
  perform fn.audit_log(p_by, 'payout handed', 'withdrawal ' || x.id,
    jsonb_build_object('payout', p_new -> 'payout', 'amount', p_new -> 'amount', 'spends', p_new -> 'spends'));
  return json_build_object('payout', (p_new ->> 'payout')::bigint);
end $$;

create function fn.payout_transaction(p_customer bigint, p_payout bigint, p_number int, p_kind text, p_by text, p_new jsonb)
returns void language sql as $$
  insert into withdrawals_transaction (customer_id, payout_id, number, kind, body, spends, fee, fee_coin, expires_at, handed_at,
    handed_by, signed_by, tries, told, words, signer_words, due_at)
  values (p_customer, p_payout, p_number, p_kind, p_new -> 'body', p_new -> 'spends', (p_new ->> 'fee')::numeric, p_new ->> 'fee_coin',
    (p_new ->> 'expires_at')::timestamptz, fn.now(), p_by, '', 0, '', '', '', fn.now())
$$;

-- A person has compared the wallet with its chain, and accounts for what was spent from it: our count goes on from there.
create function fn.wallet_adopt(p_wallet text, p_nonce bigint, p_actor text, p_reason text) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v withdrawals_wallet;
begin
  update withdrawals_wallet set next_nonce = greatest(next_nonce, p_nonce) where name = p_wallet returning * into v;
  if v.name is null then return null; end if;
  perform fn.audit_log(p_actor, 'wallet adopted', 'wallet ' || p_wallet, jsonb_build_object('next_nonce', v.next_nonce, 'reason', p_reason));
  return v.next_nonce;
end $$;

-- Locks in order what belongs to a payout; its withdrawal.
create function fn.payout_lock(p_customer bigint, p_payout bigint) returns withdrawals_withdrawal language plpgsql as $$
declare x withdrawals_withdrawal;
begin
  x := fn.withdrawal_lock(p_customer, (select withdrawal_id from withdrawals_payout where customer_id = p_customer and id = p_payout));
  perform 1 from withdrawals_payout where customer_id = p_customer and id = p_payout for update;
  return x;
end $$;

-- Another transaction of a live payout: a higher fee, or (kind `void`) one that pays only us. It spends at least one thing
-- that all before it spend, so that never two of them are carried out (FAILURES W06).
create function fn.payout_replace(p_customer bigint, p_payout bigint, p_kind text, p_by text, p_new jsonb)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.payout_lock(p_customer, p_payout); p withdrawals_payout; v_count int; v_foreign int;
begin
  select * into p from withdrawals_payout where customer_id = p_customer and id = p_payout;
  if p.id is null then return fn.refused('not_found'); end if;
  if p.state not in ({{payout_live}}) then return fn.refused('wrong_state'); end if;
  select count(*) into v_count from withdrawals_transaction where customer_id = p_customer and payout_id = p_payout;
  if v_count >= {{bump_most}} and p_kind = 'pay' then return fn.refused('limit_reached'); end if;
  if p_kind = 'pay' and exists (select from withdrawals_transaction t where t.customer_id = p_customer and t.payout_id = p_payout
                                and t.kind = 'void') then
    return fn.refused('wrong_state', 'It was made void; nothing pays it any more.');
  end if;
  if v_count + 1 <> (p_new ->> 'number')::int then return fn.refused('wallet_moved'); end if;
  -- One and the same thing, spent by all of them.
  if not exists (
      select s from jsonb_array_elements_text(p_new -> 'spends') s where (
        select count(*) from withdrawals_transaction t where t.customer_id = p_customer and t.payout_id = p_payout and t.spends ? s)
        = v_count) then
    raise exception 'transaction % of payout % could be carried out beside another', v_count + 1, p_payout using errcode = 'check_violation';
  end if;
  insert into withdrawals_spend (chain, spend, payout_id)
  select p.chain, s, p_payout from jsonb_array_elements_text(p_new -> 'spends') s on conflict do nothing;
  select count(*) into v_foreign from withdrawals_spend w where w.chain = p.chain and w.payout_id <> p_payout and (p_new -> 'spends') ? w.spend;
  if v_foreign > 0 then raise exception 'payout % spends what another spends', p_payout using errcode = 'unique_violation'; end if;
  perform fn.payout_transaction(p_customer, p_payout, v_count + 1, p_kind, p_by, p_new);
  perform fn.audit_log(p_by, 'payout replaced', 'withdrawal ' || x.id,
    jsonb_build_object('payout', p_payout, 'number', v_count + 1, 'kind', p_kind, 'fee', p_new -> 'fee'));
  return json_build_object('payout', p_payout, 'number', v_count + 1);
end $$;

-- Keeps a signed transaction, whose bytes were checked against the unsigned one, before anybody broadcasts it. The same
-- bytes again change nothing; other ones are refused. Kept of a suspended customer too: that they exist must be known.
create function fn.payout_sign(p_customer bigint, p_payout bigint, p_number int, p_tx text, p_raw bytea, p_by text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.payout_lock(p_customer, p_payout); p withdrawals_payout; t withdrawals_transaction;
begin
  select * into p from withdrawals_payout where customer_id = p_customer and id = p_payout;
  select * into t from withdrawals_transaction where customer_id = p_customer and payout_id = p_payout and number = p_number for update;
  if t.number is null then return fn.refused('not_found'); end if;
  if t.tx is not null then
    if t.tx <> p_tx or t.raw <> p_raw then return fn.refused('signed_otherwise'); end if;
    return json_build_object('payout', p_payout, 'state', p.state);
  end if;
  update withdrawals_transaction set tx = p_tx, raw = p_raw, signed_at = fn.now(), signed_by = p_by, due_at = fn.now()
  where customer_id = p_customer and payout_id = p_payout and number = p_number and tx is null;
  update withdrawals_payout set state = 'signed', signed_at = fn.now()
  where customer_id = p_customer and id = p_payout and state = 'handed' returning * into p;
  if found and x.state = 'approved' then perform fn.withdrawal_step(x, 'sign', p_by); end if;
  perform fn.audit_log(p_by, 'payout signed', 'withdrawal ' || x.id,
    jsonb_build_object('payout', p_payout, 'number', p_number, 'tx', p_tx));
  select * into p from withdrawals_payout where customer_id = p_customer and id = p_payout;
  return json_build_object('payout', p_payout, 'state', p.state);
end $$;

-- Said before the bytes leave: from here on the outcome may be unknown. Null when it is not due, not signed, or is a payment
-- that is held: by a suspension, or because the payout was made void. What was sent before cannot be held; a void never is.
create function fn.payout_send(p_customer bigint, p_payout bigint, p_number int)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.payout_lock(p_customer, p_payout); p withdrawals_payout; t withdrawals_transaction;
begin
  select * into p from withdrawals_payout where customer_id = p_customer and id = p_payout;
  if p.state not in ('signed', 'sent') then return null; end if;
  if fn.payout_held(x, p_payout, p_number) then return null; end if;
  update withdrawals_transaction set sent_at = coalesce(sent_at, fn.now()), tries = tries + 1,
    due_at = fn.now() + least(interval '10 minutes', interval '15 seconds' * power(2, least(tries, 10)))
  where customer_id = p_customer and payout_id = p_payout and number = p_number and tx is not null and due_at <= fn.now()
  returning * into t;
  if t.number is null then return null; end if;
  if p.state = 'signed' then
    update withdrawals_payout set state = 'sent', sent_at = fn.now() where customer_id = p_customer and id = p_payout;
    if x.state = 'signed' then perform fn.withdrawal_step(x, 'broadcast', 'clock'); end if;
  end if;
  return json_build_object('tx', t.tx, 'raw', encode(t.raw, 'hex'));
end $$;

-- Whether a payment must not leave now: none of its payout has, and the customer is suspended or the payout was made void.
create function fn.payout_held(x withdrawals_withdrawal, p_payout bigint, p_number int) returns boolean language sql stable as $$
  select coalesce(bool_or(t.kind = 'pay' and t.number = p_number), false)
         and not bool_or(t.kind = 'pay' and t.sent_at is not null)
         and (fn.withdrawal_frozen(x) or bool_or(t.kind = 'void'))
  from withdrawals_transaction t where t.customer_id = x.customer_id and t.payout_id = p_payout
$$;

-- What the node said of the bytes.
create function fn.payout_answered(p_customer bigint, p_payout bigint, p_number int, p_told text, p_words text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update withdrawals_transaction set told = p_told, words = left(p_words, 500), told_at = fn.now()
  where customer_id = p_customer and payout_id = p_payout and number = p_number
$$;

-- What a signer said instead of signing; it is asked again later.
create function fn.payout_unsigned(p_customer bigint, p_payout bigint, p_number int, p_words text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update withdrawals_transaction set signer_words = left(p_words, 500), tries = tries + 1,
    due_at = fn.now() + least(interval '10 minutes', interval '5 seconds' * power(2, least(tries, 10)))
  where customer_id = p_customer and payout_id = p_payout and number = p_number and tx is null
$$;

-- What was seen of a payout on its chain. Only `confirmed` moves money; `failed` and `dead` end the attempt and leave the
-- amount set aside. One of its own transactions, deep enough, excludes all others, signed or not: they spend one same thing.
-- A stranger's spending proves nothing as long as one is with a signer and not kept here, for it may be that one; then only
-- its expiry does.
create function fn.payout_seen(p_customer bigint, p_payout bigint, p_standing text, p_tx text, p_height bigint, p_confirmations int,
                               p_fee numeric, p_proof jsonb)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.payout_lock(p_customer, p_payout); p withdrawals_payout; v_to text; v_kind text;
begin
  select * into p from withdrawals_payout where customer_id = p_customer and id = p_payout;
  if p.id is null or p.state not in ({{payout_live}}) then return p.state; end if;
  select kind into v_kind from withdrawals_transaction where customer_id = p_customer and payout_id = p_payout and tx = p_tx;
  v_to := case
    when p_standing = 'confirmed' and v_kind = 'pay' and p.state <> 'handed' then 'confirmed'
    when p_standing in ('failed', 'dead') and (p_proof ->> 'by' = 'expiry' or v_kind is not null or p.state <> 'handed' and not exists (
      select from withdrawals_transaction t where t.customer_id = p_customer and t.payout_id = p_payout and t.tx is null))
      then 'dead' end;
  update withdrawals_payout set
    state = coalesce(v_to, p.state), ended_at = case when v_to is not null then fn.now() end, looked_at = fn.now(),
    standing = p_standing, tx = p_tx, height = p_height, confirmations = p_confirmations, fee_paid = p_fee, proof = p_proof
  where customer_id = p_customer and id = p_payout;
  if v_to = 'dead' then
    delete from withdrawals_spend where payout_id = p_payout and chain = 'bitcoin';
    if p.state <> 'handed' then perform fn.withdrawal_say(x, 'payout_failed'); end if;
  end if;
  if v_to = 'confirmed' then
    if x.state not in ('signed', 'broadcast') then raise exception 'withdrawal % is %', x.id, x.state; end if;
    perform fn.withdrawal_step(x, 'pay', 'clock');
  end if;
  if v_to is not null then
    perform fn.audit_log('clock', 'payout ' || v_to, 'withdrawal ' || x.id, jsonb_build_object('payout', p_payout, 'tx', p_tx, 'proof', p_proof));
  end if;
  return coalesce(v_to, p.state);
end $$;

-- After a payout died: a person decides to pay again (a new attempt), or gives the amount back.
create function fn.payout_again(p_customer bigint, p_id bigint, p_actor_id bigint, p_actor text, p_reason text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if p_actor_id = p_customer then return fn.refused('forbidden', 'Nobody decides about the own account.'); end if;
  if x.state not in ('signed', 'broadcast') or fn.payout_live(x) or fn.payout_obstacle(x) is distinct from 'retry_not_decided' then
    return fn.refused('wrong_state');
  end if;
  update withdrawals_withdrawal set retries = (select count(*) from withdrawals_payout p where p.customer_id = p_customer
    and p.withdrawal_id = p_id and p.signed_at is not null) where customer_id = p_customer and id = p_id;
  perform fn.audit_log(p_actor, 'payout again', 'withdrawal ' || x.id, jsonb_build_object('reason', p_reason));
  return fn.withdrawal_told(x);
end $$;

create function fn.withdrawal_give_back(p_customer bigint, p_id bigint, p_actor_id bigint, p_actor text, p_reason text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if p_actor_id = p_customer then return fn.refused('forbidden', 'Nobody decides about the own account.'); end if;
  if not fn.withdrawal_may(x, 'return') or fn.payout_live(x) then return fn.refused('wrong_state'); end if;
  return fn.withdrawal_told(fn.withdrawal_step(x, 'return', p_actor, p_reason));
end $$;

-- A payout goes only along the edges of withdrawals/policy.py; what was signed never changes.
create function fn.payout_edge() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state || '>' || new.state) not in ({{payout_edges}}) then
    raise exception 'payout % cannot go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  if (old.amount, old.destination, old.asset, old.wallet, old.withdrawal_id) is distinct from
     (new.amount, new.destination, new.asset, new.wallet, new.withdrawal_id) or old.nonce is distinct from new.nonce then
    raise exception 'payout % keeps what it pays', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
drop trigger if exists edges on withdrawals_payout;
create trigger edges before update on withdrawals_payout for each row execute function fn.payout_edge();

create function fn.transaction_kept() returns trigger language plpgsql as $$
begin
  if old.tx is not null and (old.tx, old.raw) is distinct from (new.tx, new.raw) or old.body <> new.body or old.spends <> new.spends then
    raise exception 'transaction % of payout % is kept as it is', old.number, old.payout_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop trigger if exists kept on withdrawals_transaction;
create trigger kept before update on withdrawals_transaction for each row execute function fn.transaction_kept();
