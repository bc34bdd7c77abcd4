-- Ends every activation whose window is over, set-wise, by the rows of activations_rule for `expire`: at most p_limit,
-- oldest first from p_from on. Window functions give each customer's transfers and events their sequence and balances.
-- Two clocks share the work: rows that another holds are skipped. Where they share it on purpose, each takes the customers
-- whose number leaves p_part when divided by p_of: so that neither waits for the wallets of the other's.
-- Gives the number ended and the expiry of the last one, from which the next batch goes on. Rows are found by their keys
-- and never by reading a whole table: history grows, what is due does not. Every batch is planned for its own figures: the
-- plan that PostgreSQL keeps from the sixth call on, for any figures, joined 20,000 rows with 10,000 one by one, and one
-- batch took minutes where the five before it had taken two seconds each.
create function fn.expire_due(p_limit int, p_from timestamptz default '-infinity', p_of int default 1, p_part int default 0,
                              out o_ended bigint, out o_last timestamptz)
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off
set plan_cache_mode = force_custom_plan as $$
declare v_at timestamptz := fn.now(); v_told text[]; v_delays bigint[]; v_whole boolean;
begin
  with due as materialized (  -- by customer, so that neighbours in the indexes are written one after the other
    select * from (
      select a.customer_id, a.id, a.price_micros, a.promo_micros, a.revision, a.expires_at, r.to_state, r.movement, r.clause
      from activations_activation a join activations_rule r on r.event = 'expire' and r.from_state = a.state
      where a.state in ({{open_states}}) and a.expires_at <= v_at and a.expires_at >= p_from
        -- As a plain comparison it would be taken for one row in two hundred, and the plan that suits so few took a minute
        -- for five thousand; what stands in a coalesce is taken for one in two.
        and coalesce(a.customer_id % p_of = p_part, false)
      order by a.expires_at limit p_limit for update of a skip locked) taken
    order by customer_id, expires_at, id),
  wallet as materialized (
    select w.customer_id, w.cash, w.promo, w.held, w.withdrawing, w.seq, w.event_seq from ledger_wallet w
    where w.customer_id in (select customer_id from due) order by w.customer_id for update),
  line as (
    select customer_id, id, expires_at, movement, 'promo' as purse, promo_micros as amount from due
    where movement is not null and promo_micros > 0
    union all
    select customer_id, id, expires_at, movement, 'cash', price_micros - promo_micros from due
    where movement is not null and price_micros > promo_micros),
  run as (
    select l.*, row_number() over own as n, sum(amount) over own as total,
           sum(case purse when 'cash' then amount else 0 end) over own as cash,
           sum(case purse when 'promo' then amount else 0 end) over own as promo
    from line l window own as (partition by customer_id order by expires_at, id, purse rows unbounded preceding)),
  posted as (
    insert into ledger_transfer (customer_id, seq, at, movement, purse, reference_kind, reference_id, amount_micros,
                                 cash_after, promo_after, held_after, withdrawing_after)
    select r.customer_id, w.seq + r.n, v_at, r.movement, r.purse, 'activation', r.id, r.amount,
           w.cash + r.cash, w.promo + r.promo, w.held - r.total, w.withdrawing
    from run r join wallet w using (customer_id) returning 1),
  event as (
    select customer_id, id, revision, to_state, row_number() over (partition by customer_id order by expires_at, id) as n from due),
  told as (
    insert into core_event (customer_id, seq, at, type, activation_id, revision)
    select e.customer_id, w.event_seq + e.n, v_at, 'activation.' || e.to_state, e.id, e.revision + 1
    from event e join wallet w using (customer_id)),
  paid as (
    -- From `wallet`, not from the table: parts of one statement run in any order, and a row that this part changed
    -- before `wallet` locked it would be invisible to `wallet`.
    update ledger_wallet w set cash = b.cash + s.cash, promo = b.promo + s.promo, held = b.held - s.total,
      seq = b.seq + s.transfers, event_seq = b.event_seq + s.events
    from wallet b join (select e.customer_id, e.events, coalesce(l.transfers, 0) as transfers, coalesce(l.total, 0) as total,
                 coalesce(l.cash, 0) as cash, coalesce(l.promo, 0) as promo
          from (select customer_id, count(*) as events from due group by 1) e
          left join (select customer_id, count(*) as transfers, sum(amount)::bigint as total,
                            coalesce(sum(amount) filter (where purse = 'cash'), 0)::bigint as cash,
                            coalesce(sum(amount) filter (where purse = 'promo'), 0)::bigint as promo
                     from line group by 1) l using (customer_id)) s using (customer_id)
    where w.customer_id = b.customer_id),
  closed as (
    update activations_activation a set state = d.to_state, clause = d.clause, revision = a.revision + 1,
      closed_at = a.expires_at, refunded_at = case when d.movement is not null then v_at end
    from due d where a.customer_id = d.customer_id and a.id = d.id),
  released as (
    update supply_lease l set released_at = v_at,
      blocked_until = case l.kind when 'sms' then v_at + interval '{{quarantine_seconds}} seconds' else 'infinity' end
    where l.activation_id = any (array(select id from due)) returning l.blocked_until, l.activation_id),
  resting as (
    insert into supply_rest (until, activation_id)
    select blocked_until, activation_id from released where blocked_until < 'infinity')
  select count(*), max(expires_at), array_agg(customer_id || ':' || id),
         (select count(*) from line) = (select count(*) from posted),
         array_agg((extract(epoch from v_at - expires_at) * 1000)::bigint) filter (where movement is not null)
    into o_ended, o_last, v_told, v_whole, v_delays from due;
  if not v_whole then raise exception 'expiry lost a transfer'; end if;
  perform fn.delays_count(v_at, v_delays);
  perform fn.announce_ended(v_told);
end $$;

-- One notice for many: PostgreSQL takes at most 8000 bytes each.
create function fn.announce_ended(p_told text[]) returns void language sql as $$
  select pg_notify('activkode', json_build_object('t', 'activation.ended', 'many', p_told[i : i + 199])::text)
  from generate_series(1, coalesce(cardinality(p_told), 0), 200) i
$$;

-- Counts refund delays in buckets of 0.1 s below 10 s, 1 s below 10 min, 1 min above; in order, for two clocks that counted
-- the same buckets in different orders would each wait for the other.
create function fn.delays_count(p_at timestamptz, p_delays_ms bigint[]) returns void language sql as $$
  insert into activations_delay (day, bucket_ms, count, max_ms)
  select (p_at at time zone 'UTC')::date, ms / width * width, count(*), max(ms)
  from (select ms, case when ms < 10000 then 100 when ms < 600000 then 1000 else 60000 end as width
        from unnest(p_delays_ms) ms) v
  group by 1, 2 order by 1, 2
  on conflict (day, bucket_ms) do update
  set count = activations_delay.count + excluded.count, max_ms = greatest(activations_delay.max_ms, excluded.max_ms)
$$;
