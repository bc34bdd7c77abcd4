-- A wallet's balances equal the sums of its transfers; its sequence equals their number, gapless.
with line as (
  select t.customer_id, t.seq, t.amount_micros as amount,
         case m.from_account when 'purse' then t.purse else m.from_account end as f,
         case m.to_account when 'purse' then t.purse else m.to_account end as t
  from ledger_transfer t join ledger_movement m on m.name = t.movement where true /*scope t*/),
total as (
  select customer_id, count(*) as n, max(seq) as last,
    sum(case 'cash' when t then amount when f then -amount else 0 end) as cash,
    sum(case 'promo' when t then amount when f then -amount else 0 end) as promo,
    sum(case 'held' when t then amount when f then -amount else 0 end) as held,
    sum(case 'withdrawing' when t then amount when f then -amount else 0 end) as withdrawing
  from line group by 1)
select coalesce(w.customer_id, s.customer_id) as customer_id, w.seq, s.n as transfers, s.last, w.cash, s.cash as cash_sum,
       w.promo, s.promo as promo_sum, w.held, s.held as held_sum, w.withdrawing, s.withdrawing as withdrawing_sum
from (select * from ledger_wallet w where true /*scope w*/) w full join total s using (customer_id)
where (w.cash, w.promo, w.held, w.withdrawing, w.seq, coalesce(s.last, 0))
   is distinct from (coalesce(s.cash, 0), coalesce(s.promo, 0), coalesce(s.held, 0), coalesce(s.withdrawing, 0),
                     coalesce(s.n, 0), coalesce(s.n, 0))
