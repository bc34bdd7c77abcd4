-- Decides a case: state, decision, credit, event and audit line in this transaction. Two who decide at once take the same
-- locks, and whoever is second is told what is decided (POLICY 2.4.4, FAILURES S11). `p_money` is what the clause does
-- (support/policy.CLAUSES), `p_right` the right account of a top-up, else the case's customer. Gives {"case": id,
-- "amount_micros": ..., "taken_micros": ..., "loss_micros": ...} or {"refused": code}.
create function fn.case_decide(p_id bigint, p_outcome text, p_event text, p_clause text, p_money text, p_reason text,
                               p_amount bigint, p_right bigint, p_actor text, p_actor_id bigint) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seen support_case; c support_case; r support_rule; a activations_activation; d funding_deposit; n support_decision;
  v_from text; v_why text;
begin
  select * into seen from support_case where id = p_id;
  if not found then return json_build_object('refused', 'not_found'); end if;
  select * into a from activations_activation where customer_id = seen.customer_id and id = seen.activation_id for update;
  select * into d from funding_deposit where id = seen.deposit_id;
  perform 1 from ledger_wallet where customer_id in (seen.customer_id, d.customer_id, p_right) order by customer_id for update;
  select * into d from funding_deposit where id = seen.deposit_id for update;
  select * into strict c from support_case where id = p_id for update;
  if (c.customer_id, c.activation_id, c.deposit_id) is distinct from (seen.customer_id, seen.activation_id, seen.deposit_id) then
    raise exception 'case % is about something else now', p_id using errcode = 'serialization_failure';
  end if;
  if p_actor_id in (c.customer_id, d.customer_id, p_right) then
    return fn.case_refused(c, 'forbidden', 'Nobody decides about the own account.');
  end if;
  select * into strict r from support_rule where event = p_event and from_state = c.state;
  if r.refusal is not null then return fn.case_refused(c, r.refusal, r.why); end if;
  select c.id, coalesce(max(number), 0) + 1 into n.case_id, n.number from support_decision where case_id = c.id;
  n.at := fn.now();
  n.outcome := p_outcome;
  n.clause := p_clause;
  n.reason := p_reason;
  n.actor := p_actor;
  n.actor_id := p_actor_id;
  n.customer_id := c.customer_id;
  n.activation_id := c.activation_id;
  n.deposit_id := c.deposit_id;
  n.withdrawal_id := c.withdrawal_id;
  v_why := fn.case_amounts(c, a, d, p_money, p_amount, coalesce(p_right, c.customer_id));
  if v_why is not null then return fn.case_refused(c, 'invalid_request', v_why); end if;
  begin
    n := fn.case_pay(n, a, d, p_money, p_amount, coalesce(p_right, c.customer_id));
    v_from := c.state;
    c.state := r.to_state;
    c.decided_at := n.at;
    c := fn.case_keep(c, v_from, false);
    n.due_at := c.due_at;
    insert into support_decision select n.*;
    perform fn.case_carried(c, d, p_outcome, p_money, p_actor, p_reason);
    perform fn.case_tell(c, r.told, fn.case_say(c, 'decide', 'staff', p_actor, p_reason));
  exception  -- undone whole, and told
    when sqlstate 'AK001' then return fn.case_refused(seen, 'wrong_state', sqlerrm);
    when unique_violation then return fn.case_refused(seen, 'already_decided', 'This was granted in another case.');
  end;
  perform fn.audit_log(p_actor, 'case ' || p_event, 'case ' || c.id, jsonb_build_object('clause', p_clause, 'reason', p_reason,
    'amount_micros', n.amount_micros, 'taken_micros', n.taken_micros, 'loss_micros', n.loss_micros));
  return json_build_object('case', c.id, 'number', n.number, 'amount_micros', n.amount_micros, 'taken_micros', n.taken_micros,
                           'loss_micros', n.loss_micros);
end $$;

-- What is in force of a deposit's credit, less what a case has corrected of it before.
create function fn.deposit_kept(d funding_deposit) returns bigint language sql stable as $$
  select coalesce(d.credited_micros, 0) - d.reversed_micros + d.restored_micros - d.written_off_micros
       - coalesce((select sum(taken_micros + loss_micros)::bigint from support_decision where deposit_id = d.id), 0)
$$;

-- Why this money cannot be moved; null where it can.
create function fn.case_amounts(c support_case, a activations_activation, d funding_deposit, p_money text, p_amount bigint,
                                p_right bigint) returns text language plpgsql stable as $$
declare v_most bigint;
begin
  v_most := case p_money when 'price' then a.price_micros when 'take_back' then fn.deposit_kept(d) when 'move' then fn.deposit_kept(d)
    when 'cash' then (select gross_micros from withdrawals_withdrawal where id = c.withdrawal_id) - coalesce((
      select sum(amount_micros) from support_decision where withdrawal_id = c.withdrawal_id and outcome = 'granted'), 0) end;
  return case
    when p_money in ('price', 'take_back', 'move', 'cash') and v_most is null then 'The case says nothing that could be credited.'
    when p_money = 'price' and a.state in ('cancelled', 'expired', 'failed') then 'Its price went back already.'
    when p_money = 'price' and a.state not in ('received', 'completed') then 'It is still running: cancel or expiry gives the price back.'
    when p_money in ('none', 'deposit', 'release') and p_amount is not null then 'No amount goes with this clause.'
    when p_money = 'cash' and p_amount is null then 'Say the amount.'
    when v_most < 1 then 'Nothing of it is credited.'
    when p_amount < 1 or p_amount > v_most then 'At most ' || trim_scale(v_most / 1000000.0) || ' dollars, and more than nothing.'
    when p_money = 'move' and p_right is null then 'Say whose it is.'
    when p_money = 'move' and p_right = d.customer_id then 'It is in that account already.'
    when p_money = 'move' and not exists (select from ledger_wallet where customer_id = p_right) then 'There is no such customer.'
    when p_money = 'deposit' and d.state is distinct from 'under_case' then 'This top-up does not wait for a person.' end;
end $$;

-- Moves the money of a granted clause. Wallets are locked; references make each movement happen once.
create function fn.case_pay(n support_decision, a activations_activation, d funding_deposit, p_money text, p_amount bigint,
                            p_right bigint) returns support_decision language plpgsql as $$
declare v_promo bigint; v_cash bigint;
begin
  n.amount_micros := 0;
  n.taken_micros := 0;
  n.loss_micros := 0;
  if p_money = 'price' then  -- promo first, as the hold had it
    n.amount_micros := coalesce(p_amount, a.price_micros);
    v_promo := least(n.amount_micros, a.promo_micros);
    v_cash := n.amount_micros - v_promo;
    if v_promo > 0 then perform fn.post(a.customer_id, 'case_credit', 'promo', 'activation', a.id, v_promo, n.at); end if;
    if v_cash > 0 then perform fn.post(a.customer_id, 'case_credit', 'cash', 'activation', a.id, v_cash, n.at); end if;
  elsif p_money = 'cash' then
    n.amount_micros := p_amount;
    perform fn.post(n.customer_id, 'case_credit', 'cash', 'case', n.case_id, p_amount, n.at);
  elsif p_money in ('take_back', 'move') then
    n.amount_micros := coalesce(p_amount, fn.deposit_kept(d));
    n.taken_from := d.customer_id;
    n.taken_micros := least(n.amount_micros, (select cash from ledger_wallet where customer_id = d.customer_id));
    n.loss_micros := n.amount_micros - n.taken_micros;
    if n.taken_micros > 0 then
      perform fn.post(d.customer_id, 'case_taken_back', 'cash', 'case', n.case_id, n.taken_micros, n.at);
      perform fn.balance_told(d.customer_id, 'balance.taken_back');
    end if;
    if p_money = 'move' then
      n.customer_id := p_right;
      perform fn.post(p_right, 'case_credit', 'cash', 'case', n.case_id, n.amount_micros, n.at);
      perform fn.balance_told(p_right, 'balance.credited');
    else
      n.amount_micros := 0;
    end if;
  end if;
  return n;
end $$;

-- An event for whose balance a decision about somebody's case has changed.
create function fn.balance_told(p_customer bigint, p_type text) returns void language plpgsql as $$
declare v_seq bigint;
begin
  update ledger_wallet set event_seq = event_seq + 1 where customer_id = p_customer returning event_seq into strict v_seq;
  insert into core_event (customer_id, seq, at, type) values (p_customer, v_seq, fn.now(), p_type);
  perform fn.announce(p_customer, v_seq, p_type, null, null, null);
end $$;

-- What else the decision carries out: a deposit that waits for a person gets its end with the case (credited as others are,
-- closed, or its shortfall written off); a suspended customer's withdrawal goes on. Raises AK001 where it cannot be.
create function fn.case_carried(c support_case, d funding_deposit, p_outcome text, p_money text, p_actor text, p_why text)
returns void language plpgsql as $$
begin
  if d.state = 'under_case' then
    if p_outcome = 'granted' and p_money <> 'deposit' then
      raise exception using errcode = 'AK001', message = 'This top-up waits for a person: accept it, or close it.';
    end if;
    if fn.deposit_decide(d.id, case p_outcome when 'granted' then 'decide_credit' when 'refused' then 'decide_close'
                                              else 'write_off' end, p_actor, p_why) is null then
      raise exception using errcode = 'AK001', message = 'This top-up cannot be decided that way now.';
    end if;
  end if;
  if p_money = 'release' and fn.withdrawal_release(c.customer_id, c.withdrawal_id, c.id, p_actor) ->> 'refused' is not null then
    raise exception using errcode = 'AK001', message = 'This withdrawal is over.';
  end if;
end $$;
