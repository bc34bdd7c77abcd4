-- A deposit as read.Topup wants it, column by column; the reader adds its own `where`.
select d.id, d.customer_id, d.chain, d.tx, d.position, d.address, d.asset, d.token, d.amount::text, d.state, d.reason, d.note,
  d.seen_at, d.mined_at, d.height, d.block, coalesce(greatest(c.cursor_height - d.height + 1, 0), 0),
  d.rate, d.rate_at, d.rate_sources::json,
  case when r.value > 9e18 then 9000000000000000000 else r.value::bigint end,
  d.credited_micros, d.credited_at, d.reversed_micros, d.reversed_at, d.restored_micros, d.written_off_micros, d.replaced_by,
  d.policy_version
from funding_deposit d
left join funding_chain c on c.name = d.chain
left join funding_asset a on a.name = d.asset
-- No rate, no value: `least` would pass over the null and call it worth the limit.
left join lateral (select fn.deposit_value(d.amount, (fn.rate_now(d.asset)).rate, a.decimals) as value) r
  on d.credited_micros is null
