-- The withdrawing balance is the gross of open withdrawals; each that was set aside is paid or returned exactly once, whole.
with moved as (
  select customer_id, reference_id as id, sum(amount_micros) filter (where movement = 'withdrawal_reserve') as reserved,
         sum(amount_micros) filter (where movement = 'withdrawal_return') as returned,
         sum(amount_micros) filter (where movement not in ('withdrawal_reserve', 'withdrawal_return')) as gone,
         sum(amount_micros) filter (where starts_with(movement, 'withdrawal_pay_')) as paid,
         sum(amount_micros) filter (where movement = 'withdrawal_fee') as fee
  from ledger_transfer where reference_kind = 'withdrawal' group by 1, 2),
each as (
  select x.customer_id, x.id, x.state, x.gross_micros, m.reserved, m.returned, m.gone, m.paid, m.fee
  from withdrawals_withdrawal x left join moved m on m.customer_id = x.customer_id and m.id = x.id
  where not (
    coalesce(m.reserved, 0) = case when x.confirmed_at is null then 0 else x.gross_micros end
    and coalesce(m.returned, 0) = case when x.confirmed_at is not null and x.state in ('rejected', 'cancelled', 'returned')
                                       then x.gross_micros else 0 end
    and coalesce(m.gone, 0) = case when x.state = 'paid' then x.gross_micros else 0 end
    and coalesce(m.fee, 0) = case when x.state = 'paid' then x.fee_micros else 0 end
    and coalesce(m.paid, 0) = case when x.state = 'paid' then x.gross_micros - x.fee_micros - x.network_micros else 0 end) /*scope x*/),
orphans as (
  select m.customer_id, m.id, 'no withdrawal', m.reserved, m.reserved, m.returned, m.gone, m.paid, m.fee from moved m
  where not exists (select from withdrawals_withdrawal x where x.customer_id = m.customer_id and x.id = m.id) /*scope m*/),
sums as (
  select l.customer_id, null::bigint, 'balance', l.withdrawing, coalesce(o.gross, 0), null::numeric, null::numeric, null::numeric, null::numeric
  from ledger_wallet l left join (select customer_id, sum(gross_micros) as gross from withdrawals_withdrawal
                                  where state in ({{withdrawal_reserved}}) group by 1) o on o.customer_id = l.customer_id
  where l.withdrawing <> coalesce(o.gross, 0) /*scope l*/)
select * from each union all select * from orphans union all select * from sums
