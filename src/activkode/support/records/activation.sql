-- All that happened to one activation, in order: at, source, what, detail. What messages said is not part of it.
with a as (select * from activations_activation where customer_id = %(customer)s and id = %(id)s)
select * from (
  select e.at, 'state' as source, e.type as what, null::jsonb as detail
  from a join core_event e on e.customer_id = a.customer_id and e.activation_id = a.id and e.at >= a.opened_at
  union all
  select o.received_at, 'message', f.fate, jsonb_build_object('sender', o.sender, 'carrier', o.carrier, 'has_code', f.code is not null,
    'shown_after_seconds', round(extract(epoch from f.settled_at - o.received_at)::numeric, 3), 'original', o.id)
  from a join intake_fate f on f.activation_id = a.id and f.customer_id = a.customer_id join intake_original o on o.id = f.original_id
  union all
  select t.at, 'money', t.movement, jsonb_build_object('amount_micros', t.amount_micros, 'purse', t.purse)
  from a join ledger_transfer t on t.customer_id = a.customer_id and t.reference_kind = 'activation' and t.reference_id = a.id
  union all
  select l.starts_at, 'number', 'leased', jsonb_build_object('address', l.address, 'until', fn.stamp(l.ends_at))
  from a join supply_lease l on l.activation_id = a.id
  union all
  select l.released_at, 'number', 'given back', jsonb_build_object('address', l.address)
  from a join supply_lease l on l.activation_id = a.id where l.released_at is not null
  union all
  select x.started_at, 'outage', 'no clock ran', jsonb_build_object('until', fn.stamp(x.ended_at))
  from a join core_outage x on x.started_at < coalesce(a.closed_at, a.expires_at) and x.ended_at > a.opened_at) step
order by at, source desc
