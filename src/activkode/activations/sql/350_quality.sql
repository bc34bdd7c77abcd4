-- Share of the last {{delist_sample}} closed activations of each offer that got a code, and delisting below
-- {{delist_rate_percent}} % of a full sample (POLICY 2.1.12). Cancelled within a minute says nothing about the number.
create function fn.quality_refresh() returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with measured as (
    select o.id, q.n, q.rate from catalogue_offer o
    cross join lateral (
      select count(*) as n, avg((state in ('received', 'completed'))::int) as rate
      from (select a.state from activations_activation a
            where a.offer_id = o.id and a.state not in ('requesting', 'waiting')
              and not (a.state = 'cancelled' and a.closed_at < a.opened_at + interval '60 seconds')
            order by a.id desc limit {{delist_sample}}) last) q
    where q.n > 0),
  changed as (
    update catalogue_offer o set code_rate = round(m.rate, 4),
      delisted_at = case when m.n >= {{delist_sample}} and m.rate * 100 < {{delist_rate_percent}} and o.delisted_at is null
                         then fn.now() else o.delisted_at end
    from measured m where o.id = m.id
      and (o.code_rate is distinct from round(m.rate, 4)
           or (m.n >= {{delist_sample}} and m.rate * 100 < {{delist_rate_percent}} and o.delisted_at is null))
    returning 1)
  select count(*) from changed
$$;
