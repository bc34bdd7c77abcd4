-- When a day that is p_days after p_at has ended everywhere, UTC-12 included (POLICY 2.4.2): whoever counts the days on a
-- calendar of their own, wherever they live, is in time.
create function fn.day_ends(p_at timestamptz, p_days int) returns timestamptz language sql stable as $$
  select ((p_at at time zone 'UTC')::date + p_days + 1)::timestamp at time zone 'UTC' + interval '{{last_zone_hours}} hours'
$$;

-- Locks a case, after its customer's wallet: everywhere activations come first, then wallets by customer number, then
-- deposits, then cases, then the audit log.
create function fn.case_lock(p_id bigint) returns support_case language plpgsql as $$
declare c support_case; v_customer bigint;
begin
  select customer_id into v_customer from support_case where id = p_id;
  perform 1 from ledger_wallet where customer_id = v_customer for update;
  select * into c from support_case where id = p_id for update;
  if c.customer_id is distinct from v_customer then
    raise exception 'case % was given to a customer meanwhile', p_id using errcode = 'serialization_failure';
  end if;
  return c;
end $$;

-- Keeps what was said; the message's number, null where nothing was.
create function fn.case_say(c support_case, p_event text, p_author text, p_actor text, p_text text, p_mail bigint default null)
returns bigint language plpgsql as $$
declare v_id bigint;
begin
  if p_text = '' then return null; end if;
  insert into support_message (case_id, at, author, actor, event, text, internal, mail_id)
  values (c.id, fn.now(), p_author, p_actor, p_event, p_text, p_event in ('note', 'close'), p_mail) returning id into v_id;
  return v_id;
end $$;

-- Tells whoever asked: an event for the customer, a mail where one is due. The wallet is locked.
create function fn.case_tell(c support_case, p_type text, p_message bigint, p_mail boolean default true) returns void
language plpgsql as $$
declare v_seq bigint; v_payload jsonb := jsonb_build_object('case', c.id, 'kind', c.kind, 'state', c.state, 'due_at', fn.stamp(c.due_at));
begin
  if c.customer_id is not null then
    update ledger_wallet set event_seq = event_seq + 1 where customer_id = c.customer_id returning event_seq into strict v_seq;
    insert into core_event (customer_id, seq, at, type, payload) values (c.customer_id, v_seq, fn.now(), p_type, v_payload);
    perform fn.announce(c.customer_id, v_seq, p_type, null, null, v_payload::json);
  end if;
  if p_mail and p_type in ({{case_mailed}}) and (c.customer_id is not null or c.email <> '') then
    insert into core_outbox (topic, payload, created_at, due_at, attempts, last_error)
    values ('case_mail', jsonb_build_object('case', c.id, 'told', p_type, 'message', p_message), fn.now(), fn.now(), 0, '');
  end if;
end $$;

-- Writes a case that its caller has locked and changed, from the state it was in. A pause that ends puts the due date off
-- by its business days, unless the date had passed before.
create function fn.case_keep(c support_case, p_from text, p_answered boolean) returns support_case language plpgsql as $$
declare v_at timestamptz := fn.now(); v_due timestamptz := c.due_at;
begin
  if p_from = 'waiting_customer' and c.state <> p_from then
    if c.paused_at <= c.due_at then
      c.due_at := fn.business_resume(c.due_at, c.paused_at, v_at);
      if c.due_at < v_at then c.due_at := fn.business_due(v_at, 1); end if;  -- answered on a day that is none
    end if;
    update support_question set ended_at = v_at, answered = p_answered, days = fn.business_days_between(v_due, c.due_at)
    where case_id = c.id and ended_at is null;
    c.paused_at := null;
  end if;
  update support_case set
    state = c.state, due_at = c.due_at, begun_at = c.begun_at, paused_at = c.paused_at, interim_at = c.interim_at,
    reopened_at = c.reopened_at, decided_at = c.decided_at, closed_at = c.closed_at, acknowledged_at = c.acknowledged_at
  where id = c.id and state = p_from;
  if not found then raise exception 'case % is not %', c.id, p_from; end if;
  return c;
end $$;

-- A refusal, with what is true of the case now.
create function fn.case_refused(c support_case, p_code text, p_why text) returns json language sql stable as $$
  select json_build_object('refused', p_code, 'why', p_why, 'case', c.id, 'state', c.state)
$$;

-- State changes only along the edges of support/policy.py, whoever writes.
create function fn.case_edge() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state || '>' || new.state) not in ({{case_edges}}) then
    raise exception 'case % cannot go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
drop trigger if exists edges on support_case;
create trigger edges before update of state on support_case for each row execute function fn.case_edge();
