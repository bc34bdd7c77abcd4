-- The published figure of 30 days: delay between expiry and credit, by the upper end of its bucket, beside the promise.
create function fn.figures_refresh() returns void
language sql security definer set search_path = public, pg_temp as $$
  with bucket as (
    select bucket_ms, sum(count) as n, max(max_ms) as max_ms from activations_delay
    where day > (fn.now() at time zone 'UTC')::date - 30 group by 1),
  ranked as (select *, sum(n) over (order by bucket_ms) as upto, sum(n) over () as total from bucket),
  summary as (
    select coalesce(max(total), 0) as total, coalesce(sum(n) filter (where max_ms <= {{expiry_promise_seconds}} * 1000), 0) as kept,
      min(max_ms) filter (where upto >= total * 0.50) as p50, min(max_ms) filter (where upto >= total * 0.99) as p99,
      max(max_ms) as max
    from ranked)
  insert into core_figure (name, value, computed_at)
  select 'refund_delay', jsonb_build_object('count', total, 'kept', kept, 'p50_ms', p50, 'p99_ms', p99, 'max_ms', max,
                                            'promise_ms', {{expiry_promise_seconds}} * 1000), fn.now()
  from summary
  on conflict (name) do update set value = excluded.value, computed_at = excluded.computed_at
$$;
