-- All that happened to one top-up, in order: at, source, what, detail.
with d as (select * from funding_deposit where id = %(id)s)
select * from (
  select e.at, 'state' as source, e.type as what, null::jsonb as detail
  from d join core_event e on e.customer_id = d.customer_id and e.at >= d.seen_at and e.type like 'topup.%%'
    and (e.payload ->> 'topup')::bigint = d.id
  union all
  select d.mined_at, 'chain', 'in a block', jsonb_build_object('height', d.height, 'block', d.block) from d where d.mined_at is not null
  union all
  select d.unmined_at, 'chain', 'out of its block', null from d where d.unmined_at is not null
  union all
  select d.rate_at, 'rate', 'rate', jsonb_build_object('rate', d.rate, 'sources', d.rate_sources) from d where d.rate_at is not null
  union all
  select t.at, 'money', t.movement, jsonb_build_object('amount_micros', t.amount_micros, 'purse', t.purse)
  from d join ledger_transfer t on t.customer_id = d.customer_id and t.reference_kind = 'topup' and t.reference_id = d.id) step
order by at, source desc
