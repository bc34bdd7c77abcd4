-- Balances after each transfer follow from those before it; no customer account was negative at any point.
with line as (
  select t.*, case m.from_account when 'purse' then t.purse else m.from_account end as f,
         case m.to_account when 'purse' then t.purse else m.to_account end as t,
         lag(t.seq, 1, 0::bigint) over own as seq_before,
         lag(t.cash_after, 1, 0::bigint) over own as cash_before, lag(t.promo_after, 1, 0::bigint) over own as promo_before,
         lag(t.held_after, 1, 0::bigint) over own as held_before,
         lag(t.withdrawing_after, 1, 0::bigint) over own as withdrawing_before
  from ledger_transfer t join ledger_movement m on m.name = t.movement where true /*scope t*/
  window own as (partition by t.customer_id order by t.seq))
select customer_id, seq, movement, amount_micros, cash_before, cash_after, held_before, held_after from line
where seq <> seq_before + 1
   or cash_after <> cash_before + case 'cash' when t then amount_micros when f then -amount_micros else 0 end
   or promo_after <> promo_before + case 'promo' when t then amount_micros when f then -amount_micros else 0 end
   or held_after <> held_before + case 'held' when t then amount_micros when f then -amount_micros else 0 end
   or withdrawing_after <> withdrawing_before + case 'withdrawing' when t then amount_micros when f then -amount_micros else 0 end
   or least(cash_after, promo_after, held_after, withdrawing_after) < 0
