-- Money returns to the purse it came from: per activation and purse, what was released or captured is what was held.
select t.customer_id, t.reference_id as activation_id, t.purse,
       sum(amount_micros) filter (where movement = 'hold') as held,
       sum(amount_micros) filter (where movement <> 'hold') as ended
from ledger_transfer t
where reference_kind = 'activation' and movement in ('hold', 'capture', 'release') /*scope t*/
group by 1, 2, 3
having sum(amount_micros) filter (where movement <> 'hold') is not null
   and sum(amount_micros) filter (where movement <> 'hold') is distinct from sum(amount_micros) filter (where movement = 'hold')
