-- An activation has exactly one hold, and at most one of capture and release, each for the full price.
with money as (
  select t.customer_id, t.reference_id as id,
    coalesce(sum(amount_micros) filter (where movement = 'hold'), 0) as held,
    coalesce(sum(amount_micros) filter (where movement = 'capture'), 0) as captured,
    coalesce(sum(amount_micros) filter (where movement = 'release'), 0) as released,
    count(*) as lines, count(distinct (movement, purse)) as kinds
  from ledger_transfer t where reference_kind = 'activation' /*scope t*/ group by 1, 2)
select coalesce(a.customer_id, m.customer_id) as customer_id, coalesce(a.id, m.id) as activation_id, a.price_micros,
       m.held, m.captured, m.released
from (select * from activations_activation a where true /*scope a*/) a full join money m using (customer_id, id)
where a.id is null or m.id is null or m.held <> a.price_micros or m.lines <> m.kinds
   or (m.captured <> 0 and m.released <> 0) or m.captured not in (0, a.price_micros) or m.released not in (0, a.price_micros)
