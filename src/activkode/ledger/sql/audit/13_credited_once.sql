-- A chain event is credited at most once, in its own coin, to the customer whose address it was paid to; the books say what the deposit says.
with money as (
  select t.customer_id, t.reference_id as id, min(a.name) as asset, count(*) as lines, count(distinct t.movement) as kinds,
    coalesce(sum(t.amount_micros) filter (where t.movement = 'topup_' || a.coin), 0) as credited,
    coalesce(sum(t.amount_micros) filter (where t.movement = 'topup_reversal_' || a.coin), 0) as reversed,
    coalesce(sum(t.amount_micros) filter (where t.movement = 'topup_restored_' || a.coin), 0) as restored,
    coalesce(sum(t.amount_micros) filter (where t.movement = 'topup_written_off_' || a.coin), 0) as written_off
  from ledger_transfer t
  left join funding_asset a on t.movement in ('topup_' || a.coin, 'topup_reversal_' || a.coin, 'topup_restored_' || a.coin,
                                              'topup_written_off_' || a.coin)
  where t.reference_kind = 'topup' /*scope t*/ group by 1, 2)
select coalesce(d.customer_id, m.customer_id) as customer_id, coalesce(d.id, m.id) as deposit_id, d.state, d.asset, m.asset as booked_asset,
       d.credited_micros, m.credited, d.reversed_micros, m.reversed, d.restored_micros, m.restored, d.written_off_micros, m.written_off
from (select * from funding_deposit d where true /*scope d*/) d
full join money m on m.id = d.id and m.customer_id = d.customer_id
left join funding_address o on o.chain = d.chain and o.address = d.address
where d.id is null or m.lines <> m.kinds or m.asset is distinct from case when m.id is not null then d.asset end
   or (coalesce(d.credited_micros, 0), d.reversed_micros, d.restored_micros, d.written_off_micros) is distinct from
      (coalesce(m.credited, 0), coalesce(m.reversed, 0), coalesce(m.restored, 0), coalesce(m.written_off, 0))
   or o.customer_id is distinct from d.customer_id
   or d.credited_micros is not null and o.asset is distinct from d.asset
   or d.state = 'credited' and (d.credited_micros is null or d.reversed_micros <> d.restored_micros)
   or d.state = 'reversed' and d.credited_micros - d.reversed_micros + d.restored_micros <> d.written_off_micros
   or d.state in ('seen', 'pricing', 'accumulating', 'replaced', 'orphaned', 'ignored') and d.credited_micros is not null
union all
select min(d.customer_id), min(d.id), 'one place in one transaction pays two', d.chain, d.tx, null, count(*), d.position, null, null, null, null, null
from funding_deposit d where d.block is not null /*scope d*/ group by d.chain, d.tx, d.position having count(*) > 1
