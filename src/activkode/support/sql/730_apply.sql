-- Carries out an event that moves no money on a case: the row of support_rule decides. `p_actor_id` is the customer's number
-- where they write, else that of staff: somebody else's case is unknown, the own one is nobody's to work on. Gives
-- {"case": id, "message": id} or {"refused": code}.
create function fn.case_apply(p_id bigint, p_event text, p_author text, p_actor text, p_actor_id bigint, p_text text,
                              p_mail bigint default null) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare c support_case; r support_rule; v_from text; v_why text; v_message bigint;
begin
  c := fn.case_lock(p_id);
  if c.id is null or p_author = 'customer' and p_actor_id is distinct from c.customer_id then
    return json_build_object('refused', 'not_found');
  end if;
  if p_author = 'staff' and p_actor_id = c.customer_id then
    return fn.case_refused(c, 'forbidden', 'Nobody works on a case of the own account.');
  end if;
  select * into strict r from support_rule where event = p_event and from_state = c.state;
  if r.refusal is not null then return fn.case_refused(c, r.refusal, r.why); end if;
  if p_author = 'customer' and p_event = 'write'
     and {{case_messages_most}} <= (select count(*) from support_message where case_id = c.id and author = 'customer') then
    return fn.case_refused(c, 'limit_reached', 'There are as many messages as a case takes.');
  end if;
  v_why := fn.case_once(c, p_event);
  if v_why is not null then return fn.case_refused(c, 'wrong_state', v_why); end if;
  v_from := c.state;
  c := fn.case_moved(c, r, p_text, p_actor);
  c := fn.case_keep(c, v_from, p_event = 'write');
  v_message := fn.case_say(c, p_event, p_author, p_actor, p_text, p_mail);
  if r.told is not null then perform fn.case_tell(c, r.told, v_message); end if;
  perform fn.audit_log(case p_author when 'customer' then coalesce('customer ' || c.customer_id, 'unverified mail') else p_actor end,
    'case ' || p_event, 'case ' || c.id, jsonb_build_object('message', v_message, 'state', c.state));
  return json_build_object('case', c.id, 'message', v_message, 'joined', true, 'due_at', fn.stamp(c.due_at));
end $$;

-- Why an event that is allowed but once is not allowed again; null where it is.
create function fn.case_once(c support_case, p_event text) returns text language plpgsql stable as $$
declare d support_decision; v_round int;
begin
  select * into d from support_decision where case_id = c.id order by number desc limit 1;
  v_round := coalesce(d.number, 0) + 1;
  return case
    when p_event = 'ask' and exists (select from support_question where case_id = c.id and round = v_round)
      then 'Its customer was asked already: a missing fact is asked for once.'
    when p_event = 'interim' and c.interim_at is not null then 'It was given a new date already.'
    when p_event = 'reopen' and d.number >= {{decisions_most}} then 'It was reopened already: new facts reopen a case once.'
    when p_event = 'reopen' and d.outcome = 'granted' then 'It was granted.'
    when p_event = 'close' and c.customer_id is not null and c.channel <> 'system' then 'Who asked is owed a decision.' end;
end $$;

-- The case after the event, not written yet; a question is kept.
create function fn.case_moved(c support_case, r support_rule, p_text text, p_actor text) returns support_case
language plpgsql as $$
declare v_at timestamptz := fn.now();
begin
  if r.to_state is not null then c.state := r.to_state; end if;
  if r.event = 'ask' then
    c.paused_at := v_at;
    insert into support_question (case_id, round, asked_at, text, actor)
    select c.id, count(*) + 1, v_at, p_text, p_actor from support_decision where case_id = c.id;
  elsif r.event = 'interim' then
    c.interim_at := v_at;
    c.due_at := greatest(c.due_at, fn.business_due(v_at, {{decision_business_days}}));
  elsif r.event = 'reopen' then
    c.reopened_at := v_at;
    c.begun_at := v_at;
    c.due_at := fn.business_due(v_at, {{decision_business_days}});
    c.decided_at := null;
  elsif c.state = 'closed' and c.closed_at is null then
    c.closed_at := v_at;
  end if;
  return c;
end $$;

-- Says what a case is about, where its customer could not: an activation of the customer's own, a top-up or withdrawal of
-- whomever. Staff alone; before the decision. With p_customer it also says who asked, where nobody was known to have.
create function fn.case_link(p_id bigint, p_customer bigint, p_kind text, p_activation bigint, p_deposit bigint,
                             p_withdrawal bigint, p_actor text, p_actor_id bigint) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare c support_case; o support_case; v_customer bigint;
begin
  select coalesce(customer_id, p_customer) into v_customer from support_case where id = p_id;
  perform 1 from ledger_wallet where customer_id = v_customer for update;
  select * into c from support_case where id = p_id for update;
  if c.id is null then return json_build_object('refused', 'not_found'); end if;
  if p_actor_id = coalesce(c.customer_id, p_customer) then
    return fn.case_refused(c, 'forbidden', 'Nobody works on a case of the own account.');
  end if;
  if c.state not in ({{case_undecided}}) then return fn.case_refused(c, 'wrong_state', 'It is over.'); end if;
  if c.customer_id <> p_customer then return fn.case_refused(c, 'wrong_state', 'It has its customer.'); end if;
  if p_customer is not null and not exists (select from ledger_wallet where customer_id = p_customer)
     or p_deposit is not null and not exists (select from funding_deposit where id = p_deposit) then
    return json_build_object('refused', 'unknown_transaction');
  end if;
  c.customer_id := coalesce(c.customer_id, p_customer);
  if fn.case_unknown(c.customer_id, p_activation, null, p_withdrawal) is not null then
    return json_build_object('refused', fn.case_unknown(c.customer_id, p_activation, null, p_withdrawal));
  end if;
  o := fn.case_about(p_activation, p_deposit, p_withdrawal);
  if o.id <> c.id then return fn.case_refused(o, 'already_decided', 'That goes on in another case.'); end if;
  update support_case set customer_id = c.customer_id, kind = coalesce(p_kind, kind), activation_id = coalesce(p_activation, activation_id),
    deposit_id = coalesce(p_deposit, deposit_id), withdrawal_id = coalesce(p_withdrawal, withdrawal_id) where id = c.id;
  perform fn.audit_log(p_actor, 'case link', 'case ' || c.id, jsonb_strip_nulls(jsonb_build_object('customer', p_customer,
    'kind', p_kind, 'activation', p_activation, 'deposit', p_deposit, 'withdrawal', p_withdrawal)));
  return json_build_object('case', c.id);
end $$;
