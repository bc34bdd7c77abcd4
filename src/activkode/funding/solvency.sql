-- For each asset: what its clearing account says customers paid in (dollars), the coins of the credits in force, the coins
-- that came and are not credited (waiting or under a case), and what the chain says lies on the watched addresses.
with clearing as (
  select substr(x.account, length('clearing_') + 1) as coin, sum(x.micros)::bigint as micros from (
    select m.from_account as account, t.amount_micros as micros
    from ledger_transfer t join ledger_movement m on m.name = t.movement where m.from_account like 'clearing\_%%'
    union all
    select m.to_account, -t.amount_micros
    from ledger_transfer t join ledger_movement m on m.name = t.movement where m.to_account like 'clearing\_%%') x
  group by 1),
came as (
  select asset, sum(amount) filter (where state = 'credited') as credited,
    sum(amount) filter (where state in ('confirming', 'pricing', 'accumulating', 'under_case') and block is not null) as waiting
  from funding_deposit where asset is not null group by asset),
lies as (
  select a.name as asset, sum(h.balance) as balance, sum(h.outgoing) as outgoing, min(h.looked_at) as looked_at
  from funding_asset a join funding_holding h
    on h.chain = a.chain and (h.token = a.name or h.token = '' and a.name = any(%(chain_coins)s::text[]))
  group by a.name)
select a.name, coalesce(clearing.micros, 0), coalesce(came.credited, 0)::text, coalesce(came.waiting, 0)::text,
  lies.balance::text, lies.outgoing::text, lies.looked_at,
  fn.deposit_value(lies.balance, (select r.rate from funding_rate r where r.asset = a.name), a.decimals)
from funding_asset a left join clearing on clearing.coin = a.coin left join came on came.asset = a.name
left join lies on lies.asset = a.name order by a.name
