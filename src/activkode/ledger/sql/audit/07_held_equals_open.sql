-- The held balance is the price of the activations that wait, per customer (and so in sum).
with waiting as (
  select a.customer_id, sum(a.price_micros) as price from activations_activation a
  where a.state in ('requesting', 'waiting') /*scope a*/ group by 1)
select coalesce(w.customer_id, o.customer_id) as customer_id, w.held, coalesce(o.price, 0) as waiting
from (select * from ledger_wallet w where true /*scope w*/) w full join waiting o using (customer_id)
where w.held is distinct from coalesce(o.price, 0)
