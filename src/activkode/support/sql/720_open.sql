-- Opens a case, or adds to the one that is open about the same activation, top-up or withdrawal. Gives {"case": id,
-- "joined": ..., "due_at": ...} or {"refused": code}. What is not the customer's own is as unknown as what does not exist
-- (POLICY 2.4.6). A case without a customer is about nothing of anybody's.
create function fn.case_open(p_customer bigint, p_kind text, p_channel text, p_verified boolean, p_email text, p_subject text,
  p_description text, p_activation bigint, p_deposit bigint, p_withdrawal bigint, p_origin text, p_received timestamptz,
  p_mail bigint, p_acknowledge boolean) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c support_case; v_at timestamptz := fn.now(); v_received timestamptz := least(coalesce(p_received, v_at), v_at);
  v_until timestamptz; v_refused text;
begin
  perform 1 from ledger_wallet where customer_id = p_customer for update;
  select * into c from support_case where origin = p_origin;
  if found then return json_build_object('case', c.id, 'joined', true, 'due_at', fn.stamp(c.due_at)); end if;
  v_refused := fn.case_unknown(p_customer, p_activation, p_deposit, p_withdrawal);
  if v_refused is not null then return json_build_object('refused', v_refused); end if;
  c := fn.case_about(p_activation, p_deposit, p_withdrawal);
  if c.state in ({{case_undecided}}) then
    return fn.case_apply(c.id, 'write', case p_channel when 'system' then 'system' else 'customer' end, p_channel, p_customer,
                         p_description, p_mail);
  end if;
  if c.id is not null then
    return fn.case_refused(c, 'already_decided', 'It was decided in this case: new facts reopen it once.');
  end if;
  v_until := fn.case_until(p_kind, p_customer, p_activation, p_deposit);
  if v_received >= v_until then
    return json_build_object('refused', case p_kind when 'topup_error' then 'topup_error_too_late' else 'dispute_too_late' end,
                             'until', fn.stamp(v_until));
  end if;
  if p_channel <> 'system' and {{open_cases_most}} <= (
    select count(*) from support_case where state in ({{case_undecided}}) and
      case when p_customer is null then customer_id is null and email = p_email else customer_id = p_customer end) then
    return json_build_object('refused', 'limit_reached');
  end if;
  insert into support_case (customer_id, kind, channel, state, verified, email, subject, description, activation_id, deposit_id,
    withdrawal_id, origin, received_at, opened_at, begun_at, due_at, first_due_at, mail_id, policy_version)
  values (p_customer, p_kind, p_channel, 'open', p_verified, p_email, p_subject, p_description, p_activation, p_deposit,
    p_withdrawal, p_origin, v_received, v_at, v_received, fn.business_due(v_received, {{decision_business_days}}),
    fn.business_due(v_received, {{decision_business_days}}), p_mail, {{policy_version}})
  on conflict (origin) do nothing returning * into c;
  if c.id is null then  -- the other clock was first
    select * into strict c from support_case where origin = p_origin;
    return json_build_object('case', c.id, 'joined', true, 'due_at', fn.stamp(c.due_at));
  end if;
  perform fn.case_acknowledge(c, p_acknowledge);
  perform fn.audit_log(case p_channel when 'system' then 'system' else coalesce('customer ' || p_customer, 'unverified mail') end,
    'case open', 'case ' || c.id, jsonb_build_object('kind', p_kind, 'channel', p_channel, 'origin', p_origin));
  return json_build_object('case', c.id, 'joined', false, 'due_at', fn.stamp(c.due_at));
end $$;

-- Tells that the case is open, at most once a day and address by mail (POLICY 2.4.7): who writes often is told by the page.
create function fn.case_acknowledge(c support_case, p_acknowledge boolean) returns void language plpgsql as $$
declare v_due boolean;
begin
  v_due := p_acknowledge and (c.channel <> 'email' or not exists (
    select from support_case o where o.email = c.email and o.channel = 'email'
      and o.acknowledged_at > fn.now() - interval '{{acknowledgement_hours}} hours'));
  if v_due then update support_case set acknowledged_at = fn.now() where id = c.id; end if;
  perform fn.case_tell(c, 'case.opened', null, v_due);
end $$;

-- The refusal for something that is not this customer's own; null where all is.
create function fn.case_unknown(p_customer bigint, p_activation bigint, p_deposit bigint, p_withdrawal bigint) returns text
language plpgsql stable as $$
begin
  if p_activation is not null
     and not exists (select from activations_activation where customer_id = p_customer and id = p_activation) then
    return 'unknown_activation';
  end if;
  if p_deposit is not null and not exists (select from funding_deposit where customer_id = p_customer and id = p_deposit)
     or p_withdrawal is not null
     and not exists (select from withdrawals_withdrawal where customer_id = p_customer and id = p_withdrawal) then
    return 'unknown_transaction';
  end if;
  return null;
end $$;

-- The case that goes on about this: the undecided one first. An activation that was ever decided goes on where it was.
create function fn.case_about(p_activation bigint, p_deposit bigint, p_withdrawal bigint) returns support_case
language sql stable as $$
  select c from support_case c
  where c.activation_id = p_activation
        and (c.state <> 'closed' or exists (select from support_decision d where d.case_id = c.id))
     or c.state in ({{case_undecided}}) and (c.deposit_id = p_deposit or c.withdrawal_id = p_withdrawal)
  order by c.state in ({{case_undecided}}) desc, c.id limit 1
$$;

-- When it is too late for a case of this kind; null without a limit, as for errors of our own (POLICY 1.5, 2.4.2).
create function fn.case_until(p_kind text, p_customer bigint, p_activation bigint, p_deposit bigint) returns timestamptz
language sql stable as $$
  select case p_kind
    when 'activation_dispute' then
      (select fn.day_ends(opened_at, {{dispute_days}}) from activations_activation where customer_id = p_customer and id = p_activation)
    when 'topup_error' then
      (select fn.day_ends(coalesce(credited_at, mined_at, seen_at), {{topup_error_days}}) from funding_deposit
       where customer_id = p_customer and id = p_deposit and state <> 'under_case') end
$$;
