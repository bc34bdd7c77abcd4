-- What is owed by a date, and since when: undecided cases, and withdrawals that were confirmed. What waits for its customer
-- has no date meanwhile.
create function fn.deadlines() returns table (subject text, subject_id bigint, begun_at timestamptz, due_at timestamptz)
language sql stable as $$
  select 'case', c.id, c.begun_at, c.due_at from support_case c where c.state in ({{case_undecided}}) and c.paused_at is null
  union all
  select 'withdrawal', w.id, w.confirmed_at, w.due_at from withdrawals_withdrawal w
  where w.state in ({{withdrawal_open}}) and w.due_at is not null and w.paused_at is null
$$;

-- Escalates what has used up half of its time, and what is due, once for each date; gives how many. The mail to operators is
-- written with it. Two clocks do it once: the key is the guard.
create function fn.escalate(p_limit int) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with late as (
    select d.subject, d.subject_id, s.stage, d.due_at
    from fn.deadlines() d
    cross join lateral (values ('half', d.begun_at + (d.due_at - d.begun_at) / 2), ('due', d.due_at)) s (stage, at)
    where s.at < fn.now() and not exists (
      select from support_escalation e
      where e.subject = d.subject and e.subject_id = d.subject_id and e.stage = s.stage and e.due_at = d.due_at)
    order by d.due_at limit p_limit),
  kept as (
    insert into support_escalation (subject, subject_id, stage, due_at, at)
    select subject, subject_id, stage, due_at, fn.now() from late on conflict do nothing returning *),
  told as (
    insert into core_outbox (topic, payload, created_at, due_at, attempts, last_error)
    select 'escalation_mail', jsonb_build_object('subject', subject, 'id', subject_id, 'stage', stage, 'due_at', fn.stamp(due_at)),
           fn.now(), fn.now(), 0, '' from kept)
  select count(*) from kept
$$;

-- Cases whose question was not answered for {{answer_days}} days: a person goes on with what there is (POLICY 2.4.3).
create function fn.cases_unanswered(p_limit int) returns setof bigint language sql stable as $$
  select id from support_case where state = 'waiting_customer' and paused_at < fn.now() - interval '{{answer_days}} days'
  order by id limit p_limit
$$;

-- The published figures: what fell due over 30 and 90 days and was decided, or paid, by its date; what is open, and what of
-- that is late. Cases that nobody outside asked for are not counted.
create function fn.support_figures_refresh() returns void
language sql security definer set search_path = public, pg_temp as $$
  with ended as (
    select 'case_decisions' as name, d.at, d.at <= d.due_at as kept, d.at <= c.first_due_at as kept_first
    from support_decision d join support_case c on c.id = d.case_id
    where d.number = 1 and (c.customer_id is not null or c.channel = 'email') and d.at > fn.now() - interval '90 days'
    union all
    select 'withdrawals_paid', w.closed_at, w.closed_at <= w.due_at, w.closed_at <= w.first_due_at
    from withdrawals_withdrawal w where w.state = 'paid' and w.closed_at > fn.now() - interval '90 days'),
  pending as (
    select case subject when 'case' then 'case_decisions' else 'withdrawals_paid' end as name, due_at < fn.now() as late
    from fn.deadlines() d
    where not exists (select from support_case c where d.subject = 'case' and c.id = d.subject_id
                      and c.customer_id is null and c.channel <> 'email')),
  span as (
    select n.name, s.days, count(e.at) as ended, count(*) filter (where e.kept) as kept, count(*) filter (where e.kept_first) as kept_first
    from (values ('case_decisions'), ('withdrawals_paid')) n (name) cross join (values (30), (90)) s (days)
    left join ended e on e.name = n.name and e.at > fn.now() - make_interval(days => s.days) group by 1, 2),
  summary as (
    select s.name, jsonb_object_agg(s.days, jsonb_build_object('due', s.ended + p.late, 'kept', s.kept, 'kept_first', s.kept_first))
             || jsonb_build_object('open', min(p.open), 'overdue', min(p.late)) as value
    from span s cross join lateral (
      select count(*) as open, count(*) filter (where late) as late from pending where pending.name = s.name) p
    group by s.name)
  insert into core_figure (name, value, computed_at) select name, value, fn.now() from summary
  on conflict (name) do update set value = excluded.value, computed_at = excluded.computed_at
$$;
