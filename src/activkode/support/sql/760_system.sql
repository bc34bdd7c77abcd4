-- What the system itself opens a case about and has not yet, one row per cause: refunds that came, or are, later than promised
-- (of customers who were busy lately, and of what the audit holds), what else the audit found, top-ups that wait for a
-- person, withdrawals past their date. Each is opened in a transaction of its own.
create function fn.cases_missing(p_limit int)
returns table (origin text, customer_id bigint, kind text, activation_id bigint, deposit_id bigint, withdrawal_id bigint, detail text)
language sql stable as $$
  with late as (
    select a.customer_id, a.id from activations_activation a
    where a.state in ({{open_states}}) and a.expires_at < fn.now() - interval '{{expiry_promise_seconds}} seconds'
      and fn.due_since(a.expires_at) < fn.now() - interval '{{expiry_promise_seconds}} seconds'
    union
    select a.customer_id, a.id from activations_activation a
    where a.customer_id = any (array(select distinct customer_id from core_event where at >= fn.now() - interval '10 minutes'))
      and a.refunded_at > a.closed_at + interval '{{expiry_promise_seconds}} seconds'
      and a.refunded_at > fn.due_since(a.closed_at) + interval '{{expiry_promise_seconds}} seconds'
    union
    select (row ->> 'customer_id')::bigint, (row ->> 'activation_id')::bigint from core_finding f, jsonb_array_elements(f.rows) row
    where f.invariant = '08_promise_kept' and f.resolved_at is null)
  select 'promise:' || l.id, l.customer_id, 'technical_error', l.id, null::bigint, null::bigint, null::text from late l
  where not exists (select from support_case c where c.origin = 'promise:' || l.id)
    and (fn.case_about(l.id, null, null)).id is null
  union all
  select 'finding:' || f.id, null, 'other', null, null, null, f.invariant || ', ' || f.count || ' rows' from core_finding f
  where f.resolved_at is null and f.invariant <> '08_promise_kept'
    and not exists (select from support_case c where c.origin = 'finding:' || f.id)
  union all
  select 'topup:' || d.id || ':' || (select count(*) from support_case c where c.deposit_id = d.id), d.customer_id, 'topup_error',
         null, d.id, null, d.reason
  from funding_deposit d where d.state = 'under_case' and (fn.case_about(null, d.id, null)).id is null
  union all
  select 'withdrawal:' || w.id, w.customer_id, 'withdrawal', null, null, w.id, null from withdrawals_withdrawal w
  where w.state in ({{withdrawal_open}}) and w.due_at < fn.now() and w.paused_at is null
    and not exists (select from support_case c where c.origin = 'withdrawal:' || w.id)
    and (fn.case_about(null, null, w.id)).id is null
  limit p_limit
$$;

-- A top-up that no longer waits for a person, whoever decided it: the case that the system opened ends with it; in a case that
-- its customer opened it is noted, for that one is owed a decision.
create function fn.case_deposit_settled() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare c support_case; v_from text;
begin
  select * into c from support_case where deposit_id = new.id and state in ({{case_undecided}}) for update;
  if not found then return new; end if;
  perform fn.case_say(c, 'note', 'system', 'system', 'The top-up is ' || new.state || ' now. ' || new.note);
  if c.channel = 'system' then
    v_from := c.state;
    c.state := 'closed';
    c.closed_at := fn.now();
    c := fn.case_keep(c, v_from, false);
    perform fn.case_tell(c, 'case.closed', null);
  end if;
  return new;
end $$;
drop trigger if exists settles_case on funding_deposit;
create trigger settles_case after update of state on funding_deposit for each row
when (old.state = 'under_case' and new.state <> 'under_case') execute function fn.case_deposit_settled();
