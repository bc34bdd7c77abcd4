-- All customer balances plus all house balances are zero (full audit only).
with house as (
  select coalesce(sum(case when m.to_account not in ('purse', 'cash', 'promo', 'held', 'withdrawing') then t.amount_micros else 0 end)
       - sum(case when m.from_account not in ('purse', 'cash', 'promo', 'held', 'withdrawing') then t.amount_micros else 0 end), 0) as balance
  from ledger_transfer t join ledger_movement m on m.name = t.movement),
customers as (select coalesce(sum(cash + promo + held + withdrawing), 0) as balance from ledger_wallet)
select customers.balance as customers, house.balance as house from house, customers
where customers.balance + house.balance <> 0
