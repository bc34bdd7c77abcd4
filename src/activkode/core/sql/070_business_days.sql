-- Monday to Friday, UTC, without the published holidays (POLICY 2.3.9).
create function fn.is_business_day(p_day date) returns boolean language sql stable as $$
  select extract(isodow from p_day) < 6 and not exists (select from core_holiday where day = p_day)
$$;

-- The end of business day `p_days` after `p_at`, whose own day is day 0: 23:59:59 UTC. Below nothing counts as nothing.
create function fn.business_due(p_at timestamptz, p_days int) returns timestamptz language sql stable as $$
  select (day + time '23:59:59') at time zone 'UTC' from (
    select (p_at at time zone 'UTC')::date as day where p_days <= 0
    union all
    (select each::date from generate_series((p_at at time zone 'UTC')::date + 1,
                                            (p_at at time zone 'UTC')::date + p_days * 4 + 40, interval '1 day') each
     where p_days > 0 and fn.is_business_day(each::date) order by each offset greatest(p_days, 1) - 1 limit 1)) found
$$;

-- How many business days begin after `p_from` and no later than `p_to`: what a pause from one to the other is worth.
create function fn.business_days_between(p_from timestamptz, p_to timestamptz) returns int language sql stable as $$
  select count(*)::int from generate_series((p_from at time zone 'UTC')::date + 1, (p_to at time zone 'UTC')::date,
                                            interval '1 day') each
  where fn.is_business_day(each::date)
$$;

-- A due time after a pause: later by the business days that passed in it, never earlier.
create function fn.business_resume(p_due timestamptz, p_from timestamptz, p_to timestamptz) returns timestamptz
language sql stable as $$
  select case when p_to <= p_from then p_due
              else greatest(p_due, fn.business_due(p_due, fn.business_days_between(p_from, p_to))) end
$$;

-- Adds days to the published list; rows are {day, name}. Days are never taken back.
create function fn.holidays_publish(p_days jsonb) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with made as (
    insert into core_holiday (day, name) select day, name from jsonb_to_recordset(p_days) as x (day date, name text)
    on conflict do nothing returning 1)
  select count(*) from made
$$;
