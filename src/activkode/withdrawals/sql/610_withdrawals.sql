-- Locks a customer's wallet, then one withdrawal of theirs: the order everywhere.
create function fn.withdrawal_lock(p_customer bigint, p_id bigint) returns withdrawals_withdrawal
language plpgsql as $$
declare x withdrawals_withdrawal;
begin
  perform 1 from ledger_wallet where customer_id = p_customer for update;
  select * into x from withdrawals_withdrawal where customer_id = p_customer and id = p_id for update;
  return x;
end $$;

create function fn.refused(p_code text, p_detail text default '') returns json language sql immutable as $$
  select json_build_object('refused', p_code, 'detail', p_detail)
$$;

create function fn.withdrawal_told(x withdrawals_withdrawal) returns json language sql immutable as $$
  select json_build_object('id', x.id, 'state', x.state)
$$;

-- Whether a suspension holds this withdrawal: the account is frozen, and no case granted since lets it go on (2.3.10).
create function fn.withdrawal_frozen(x withdrawals_withdrawal) returns boolean language sql stable as $$
  select frozen_at is not null and coalesce(x.released_at < frozen_at, true) from ledger_wallet where customer_id = x.customer_id
$$;

-- Until when a change of the e-mail address holds a customer's withdrawals; null when it does not (2.3.6).
create function fn.withdrawal_waits_until(p_customer bigint) returns timestamptz language sql stable as $$
  select email_changed_at + interval '{{email_change_days}} days' from identity_user
  where id = p_customer and email_changed_at > fn.now() - interval '{{email_change_days}} days'
$$;

-- The event of a withdrawal and its notice; the sequence was taken by the caller under the wallet's lock.
create function fn.withdrawal_tell(x withdrawals_withdrawal, p_seq bigint, p_what text) returns void language plpgsql as $$
declare v_payload jsonb := jsonb_build_object('withdrawal', x.id, 'state', x.state, 'asset', x.asset, 'gross_micros', x.gross_micros);
begin
  insert into core_event (customer_id, seq, at, type, payload)
  values (x.customer_id, p_seq, fn.now(), 'withdrawal.' || p_what, v_payload);
  perform fn.announce(x.customer_id, p_seq, 'withdrawal.' || p_what, null, null, v_payload::json);
  if p_what in ('requested', 'confirmed', 'quoted', 'paid', 'rejected', 'cancelled', 'returned') then
    insert into core_outbox (topic, payload, created_at, due_at, attempts, last_error)
    values ('withdrawal_mail', jsonb_build_object('customer', x.customer_id, 'withdrawal', x.id, 'what', p_what),
            fn.now(), fn.now(), 0, '');
  end if;
end $$;

-- The same for what changes no state and moves no money.
create function fn.withdrawal_say(x withdrawals_withdrawal, p_what text) returns void language plpgsql as $$
declare v_seq bigint;
begin
  update ledger_wallet set event_seq = event_seq + 1 where customer_id = x.customer_id returning event_seq into strict v_seq;
  perform fn.withdrawal_tell(x, v_seq, p_what);
end $$;

-- Whether the rules know this event in the withdrawal's state.
create function fn.withdrawal_may(x withdrawals_withdrawal, p_event text) returns boolean language sql stable as $$
  select exists (select from withdrawals_rule where event = p_event and from_state = x.state)
$$;

-- Carries out one row of withdrawals_rule on a locked withdrawal whose customer's wallet is locked, with the fields that
-- the caller has set on it: state, money, event and mail in one transaction.
create function fn.withdrawal_step(x withdrawals_withdrawal, p_event text, p_actor text, p_reason text default '')
returns withdrawals_withdrawal language plpgsql as $$
declare r withdrawals_rule; v_from text := x.state; v_at timestamptz := fn.now(); v_seq bigint;
begin
  select * into strict r from withdrawals_rule where event = p_event and from_state = x.state;
  x.state := r.to_state;
  if x.state not in ({{withdrawal_open}}) then
    x.closed_at := v_at;
    x.closed_by := p_actor;
    x.reason := p_reason;
    x.paused_at := null;
  end if;
  if p_event = 'confirm' then
    x.confirmed_at := v_at;
    x.first_due_at := fn.business_due(v_at, {{withdrawal_business_days}});
    x.due_at := x.first_due_at;
    x.consent_by := null;
  end if;
  if p_event = 'approve' then x.approved_at := v_at; end if;
  if p_event = 'sign' then x.signed_at := v_at; end if;
  if p_event = 'broadcast' then x.broadcast_at := v_at; end if;
  update withdrawals_withdrawal set
    state = x.state, closed_at = x.closed_at, closed_by = x.closed_by, reason = x.reason, paused_at = x.paused_at,
    confirmed_at = x.confirmed_at, first_due_at = x.first_due_at, due_at = x.due_at, consent_by = x.consent_by,
    approved_at = x.approved_at, signed_at = x.signed_at, broadcast_at = x.broadcast_at,
    network_micros = x.network_micros, quote_micros = x.quote_micros, quoted_at = x.quoted_at
  where customer_id = x.customer_id and id = x.id and state = v_from;
  if not found then raise exception 'withdrawal % is not %', x.id, v_from; end if;
  if r.movement = 'withdrawal_pay' then v_seq := fn.withdrawal_post_pay(x, v_at);
  elsif r.movement is not null then
    v_seq := (fn.post(x.customer_id, r.movement, 'cash', 'withdrawal', x.id, x.gross_micros, v_at, 1)).event_seq;
  else
    update ledger_wallet set event_seq = event_seq + 1 where customer_id = x.customer_id returning event_seq into strict v_seq;
  end if;
  perform fn.withdrawal_tell(x, v_seq, x.state);
  perform fn.audit_log(p_actor, 'withdrawal ' || p_event, 'withdrawal ' || x.id,
                       jsonb_build_object('state', x.state, 'reason', p_reason));
  return x;
end $$;

-- The gross leaves in its parts: what was paid, the flat fee, and the network's cost beyond it.
create function fn.withdrawal_post_pay(x withdrawals_withdrawal, p_at timestamptz) returns bigint language plpgsql as $$
declare v_seq bigint;
begin
  if x.fee_micros > 0 then
    perform fn.post(x.customer_id, 'withdrawal_fee', 'cash', 'withdrawal', x.id, x.fee_micros, p_at);
  end if;
  if x.network_micros > 0 then
    perform fn.post(x.customer_id, 'withdrawal_network', 'cash', 'withdrawal', x.id, x.network_micros, p_at);
  end if;
  v_seq := (fn.post(x.customer_id, (select 'withdrawal_pay_' || coin from funding_asset where name = x.asset), 'cash', 'withdrawal',
                    x.id, x.gross_micros - x.fee_micros - x.network_micros, p_at, 1)).event_seq;
  return v_seq;
end $$;

-- A request: nothing is held yet. `p_gross` null is all that can be withdrawn.
create function fn.withdrawal_request(p_customer bigint, p_asset text, p_address text, p_gross bigint, p_channel text, p_note text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare w ledger_wallet; x withdrawals_withdrawal; v_at timestamptz := fn.now();
begin
  select * into strict w from ledger_wallet where customer_id = p_customer for update;
  if w.frozen_at is not null then return fn.refused('account_suspended'); end if;
  select * into x from withdrawals_withdrawal where customer_id = p_customer and state in ({{withdrawal_open}});
  if found then return json_build_object('refused', 'withdrawal_open', 'open', x.id); end if;
  p_gross := coalesce(p_gross, w.cash);
  if p_gross < {{withdrawal_least_micros}} then return json_build_object('refused', 'below_minimum', 'cash_micros', w.cash); end if;
  if p_gross > w.cash then return json_build_object('refused', 'insufficient_balance', 'cash_micros', w.cash); end if;
  insert into withdrawals_withdrawal (id, customer_id, asset, address, gross_micros, fee_micros, network_micros, state, channel, note,
    requested_at, consent_by, closed_by, reason, waived_by, retries, policy_version)
  values (nextval('withdrawals_number'), p_customer, p_asset, p_address, p_gross, {{withdrawal_fee_micros}}, 0, 'requested', p_channel,
    p_note, v_at, v_at + interval '{{consent_days}} days', '', '', '', 0, {{policy_version}})
  returning * into x;
  perform fn.withdrawal_say(x, 'requested');
  perform fn.withdrawal_warn(x);
  return fn.withdrawal_told(x);
end $$;

-- Tells every address that was the account's before a change in the last days (2.3.6).
create function fn.withdrawal_warn(x withdrawals_withdrawal) returns void language sql as $$
  insert into core_outbox (topic, payload, created_at, due_at, attempts, last_error)
  select distinct 'withdrawal_mail', jsonb_build_object('customer', x.customer_id, 'withdrawal', x.id, 'what', 'warned', 'to', c.before),
         fn.now(), fn.now(), 0, ''
  from identity_email_change c where c.user_id = x.customer_id and c.at > fn.now() - interval '{{email_change_days}} days'
$$;

-- The customer's own word, given signed in and proven again. `p_quote`: the network's cost as it was shown, null where it
-- could not be told; what of it goes beyond the flat fee is agreed to with this.
create function fn.withdrawal_confirm(p_customer bigint, p_id bigint, p_quote bigint)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id); w ledger_wallet;
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if x.state = 'confirmed' then return fn.withdrawal_told(x); end if;
  if not fn.withdrawal_may(x, 'confirm') then return fn.refused('wrong_state'); end if;
  if fn.withdrawal_frozen(x) then return fn.refused('account_suspended'); end if;
  if x.consent_by < fn.now() then return fn.refused('wrong_state', 'The request was not confirmed in time.'); end if;
  select * into strict w from ledger_wallet where customer_id = p_customer;
  if w.cash < x.gross_micros then
    return json_build_object('refused', 'insufficient_balance', 'cash_micros', w.cash);
  end if;
  x.quote_micros := p_quote;
  x.quoted_at := case when p_quote is not null then fn.now() end;
  x.network_micros := greatest(coalesce(p_quote, 0) - {{network_cost_free_micros}}, 0);
  if x.gross_micros <= x.fee_micros + x.network_micros then return fn.refused('network_cost'); end if;
  x := fn.withdrawal_step(x, 'confirm', 'customer ' || p_customer);
  perform fn.withdrawal_warn(x);
  return fn.withdrawal_told(x);
end $$;

-- The network costs more than was agreed to: the customer is asked, and the clock stands meanwhile (2.3.3, 2.3.9).
create function fn.withdrawal_quote(p_customer bigint, p_id bigint, p_quote bigint)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null or x.state not in ({{withdrawal_reserved}}) or fn.payout_live(x) then return fn.refused('wrong_state'); end if;
  if p_quote <= {{network_cost_free_micros}} + x.network_micros then return fn.withdrawal_told(x); end if;
  update withdrawals_withdrawal set quote_micros = p_quote, quoted_at = fn.now(), paused_at = coalesce(paused_at, fn.now()),
    consent_by = coalesce(consent_by, fn.now() + interval '{{consent_days}} days')
  where customer_id = p_customer and id = p_id;
  if x.consent_by is null then perform fn.withdrawal_say(x, 'quoted'); end if;
  return fn.withdrawal_told(x);
end $$;

-- The customer agrees to the cost that was shown; the clock goes on, later by what passed.
create function fn.withdrawal_consent(p_customer bigint, p_id bigint, p_quote bigint)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if x.consent_by is null or x.state not in ({{withdrawal_reserved}}) then return fn.refused('wrong_state'); end if;
  if fn.withdrawal_frozen(x) then return fn.refused('account_suspended'); end if;
  if x.quote_micros is distinct from p_quote then return fn.refused('price_rose', 'The network''s cost has changed; look again.'); end if;
  x.network_micros := greatest(p_quote - {{network_cost_free_micros}}, 0);
  if x.gross_micros <= x.fee_micros + x.network_micros then return fn.refused('network_cost'); end if;
  x := fn.withdrawal_resumed(x);
  update withdrawals_withdrawal set network_micros = x.network_micros, due_at = x.due_at, paused_at = null, consent_by = null
  where customer_id = p_customer and id = p_id;
  perform fn.withdrawal_say(x, 'agreed');
  return fn.withdrawal_told(x);
end $$;

create function fn.withdrawal_resumed(x withdrawals_withdrawal) returns withdrawals_withdrawal language plpgsql as $$
begin
  if x.paused_at is not null then x.due_at := fn.business_resume(x.due_at, x.paused_at, fn.now()); end if;
  x.paused_at := null;
  x.consent_by := null;
  return x;
end $$;

-- By the customer, until a signer may have it.
create function fn.withdrawal_cancel(p_customer bigint, p_id bigint)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if x.state = 'cancelled' then return fn.withdrawal_told(x); end if;
  if fn.withdrawal_frozen(x) then return fn.refused('account_suspended'); end if;
  if not fn.withdrawal_may(x, 'cancel') then return fn.refused('wrong_state'); end if;
  if fn.payout_live(x) then return fn.refused('being_signed'); end if;
  return fn.withdrawal_told(fn.withdrawal_step(x, 'cancel', 'customer ' || p_customer));
end $$;

-- One member of staff's yes; from a certain amount it takes two (2.3.5). Never on the own account.
create function fn.withdrawal_approve(p_customer bigint, p_id bigint, p_actor_id bigint, p_actor text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id); v_given int; v_new int;
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if p_actor_id = p_customer then return fn.refused('forbidden', 'Nobody decides about the own account.'); end if;
  if not exists (select from identity_user where id = p_actor_id and role = 'operator' and is_active) then
    return fn.refused('forbidden');
  end if;
  if not fn.withdrawal_may(x, 'approve') then return fn.refused('wrong_state'); end if;
  if fn.withdrawal_frozen(x) then return fn.refused('account_suspended'); end if;
  if fn.withdrawal_waits_until(p_customer) is not null then
    return json_build_object('refused', 'email_changed', 'until', fn.stamp(fn.withdrawal_waits_until(p_customer)));
  end if;
  if x.consent_by is not null then return fn.refused('wrong_state', 'The customer is being asked about the network''s cost.'); end if;
  insert into withdrawals_approval (customer_id, withdrawal_id, actor_id, actor, at)
  values (p_customer, p_id, p_actor_id, p_actor, fn.now()) on conflict do nothing;
  get diagnostics v_new = row_count;
  if v_new = 0 then return fn.refused('wrong_state', 'You have approved it already; another person has to.'); end if;
  select count(*) into v_given from withdrawals_approval where customer_id = p_customer and withdrawal_id = p_id;
  if v_given >= fn.approvals_wanted(x.gross_micros) then
    x := fn.withdrawal_step(x, 'approve', p_actor);
  else
    perform fn.audit_log(p_actor, 'withdrawal approval', 'withdrawal ' || x.id, jsonb_build_object('given', v_given));
  end if;
  return fn.withdrawal_told(x);
end $$;

create function fn.approvals_wanted(p_gross bigint) returns int language sql immutable as $$
  select case when p_gross >= {{two_approvals_from_micros}} then 2 else 1 end
$$;

create function fn.withdrawal_reject(p_customer bigint, p_id bigint, p_actor_id bigint, p_actor text, p_reason text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if p_actor_id = p_customer then return fn.refused('forbidden', 'Nobody decides about the own account.'); end if;
  if not fn.withdrawal_may(x, 'reject') then return fn.refused('wrong_state'); end if;
  if fn.payout_live(x) then return fn.refused('being_signed'); end if;
  return fn.withdrawal_told(fn.withdrawal_step(x, 'reject', p_actor, p_reason));
end $$;

-- 2.2.8: paid in twice by the customer, one of the two may leave without the fee if it was asked for in time.
create function fn.withdrawal_waive(p_customer bigint, p_id bigint, p_deposit bigint, p_actor_id bigint, p_actor text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id); d funding_deposit;
begin
  if x.id is null then return fn.refused('not_found'); end if;
  if p_actor_id = p_customer then return fn.refused('forbidden', 'Nobody decides about the own account.'); end if;
  if x.state not in ('requested', 'confirmed') or x.waived_for is not null then return fn.refused('wrong_state'); end if;
  select * into d from funding_deposit where id = p_deposit and customer_id = p_customer and state = 'credited';
  if d.id is null then return fn.refused('not_found', 'This customer has no such credited top-up.'); end if;
  if x.requested_at > d.credited_at + interval '{{fee_free_days}} days' then
    return fn.refused('too_late', 'It was asked for more than {{fee_free_days}} days after the top-up was credited.');
  end if;
  if x.gross_micros > d.credited_micros then
    return fn.refused('invalid_request', 'The withdrawal is larger than the top-up.');
  end if;
  if exists (select from withdrawals_withdrawal where customer_id = p_customer and waived_for = p_deposit
             and state not in ('rejected', 'cancelled', 'returned')) then
    return fn.refused('wrong_state', 'This top-up has left without the fee already.');
  end if;
  update withdrawals_withdrawal set fee_micros = 0, waived_by = p_actor, waived_for = p_deposit
  where customer_id = p_customer and id = p_id;
  perform fn.audit_log(p_actor, 'withdrawal fee waived', 'withdrawal ' || x.id, jsonb_build_object('deposit', p_deposit));
  perform fn.withdrawal_say(x, 'fee_waived');
  return fn.withdrawal_told(x);
end $$;

-- A granted case lets a suspended customer's withdrawal go on (2.3.10).
create function fn.withdrawal_release(p_customer bigint, p_id bigint, p_case bigint, p_actor text)
returns json language plpgsql security definer set search_path = public, pg_temp as $$
declare x withdrawals_withdrawal := fn.withdrawal_lock(p_customer, p_id);
begin
  if x.id is null or x.state not in ({{withdrawal_open}}) then return fn.refused('wrong_state'); end if;
  update withdrawals_withdrawal set released_by = p_case, released_at = fn.now() where customer_id = p_customer and id = p_id;
  perform fn.audit_log(p_actor, 'withdrawal released', 'withdrawal ' || x.id, jsonb_build_object('case', p_case));
  return fn.withdrawal_told(x);
end $$;

-- Closes what was not confirmed, or not agreed to, in time. What is frozen waits for an operator.
create function fn.withdrawals_lapse(p_limit int) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare f record; x withdrawals_withdrawal; n bigint := 0; v_customers bigint[];
begin
  v_customers := array(select w.customer_id from withdrawals_withdrawal w
    where fn.withdrawal_may(w, 'lapse') and w.consent_by < fn.now() order by w.customer_id limit p_limit);
  -- All wallets before the first line of the audit log: whoever holds a wallet waits for that log.
  perform 1 from ledger_wallet where customer_id = any (v_customers) order by customer_id for update;
  for f in select w.customer_id, w.id from withdrawals_withdrawal w where w.customer_id = any (v_customers)
    and fn.withdrawal_may(w, 'lapse') and w.consent_by < fn.now() order by w.customer_id, w.id
  loop
    x := fn.withdrawal_lock(f.customer_id, f.id);
    if fn.withdrawal_may(x, 'lapse') and x.consent_by < fn.now() and not fn.withdrawal_frozen(x)
       and not fn.payout_live(x) then
      perform fn.withdrawal_step(x, 'lapse', 'clock', case x.state when 'requested' then 'not confirmed in time' else 'not agreed to in time' end);
      n := n + 1;
    end if;
  end loop;
  return n;
end $$;

-- State changes only along the edges of withdrawals/policy.py, whoever writes.
create function fn.withdrawal_edge() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state || '>' || new.state) not in ({{withdrawal_edges}}) then
    raise exception 'withdrawal % cannot go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  if old.address <> new.address or old.asset <> new.asset or old.gross_micros <> new.gross_micros or old.customer_id <> new.customer_id then
    raise exception 'withdrawal % keeps what was confirmed', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
drop trigger if exists edges on withdrawals_withdrawal;
create trigger edges before update on withdrawals_withdrawal for each row execute function fn.withdrawal_edge();
