-- Minimum, fee, confirmation and approvals hold before money leaves: two different people from $200, none of them the customer.
select x.customer_id, x.id as withdrawal_id, x.state, x.gross_micros, x.fee_micros, x.confirmed_at, a.given, p.payout_id
from withdrawals_withdrawal x
left join (select g.customer_id, g.withdrawal_id, bool_or(actor_id = g.customer_id) as own,
                  count(*) filter (where actor_id <> g.customer_id and g.at <= coalesce(h.at, g.at)) as given
           from withdrawals_approval g left join (select customer_id, withdrawal_id, min(handed_at) as at from withdrawals_payout group by 1, 2) h
             on h.customer_id = g.customer_id and h.withdrawal_id = g.withdrawal_id group by 1, 2) a on a.customer_id = x.customer_id and a.withdrawal_id = x.id
left join (select p.customer_id, p.withdrawal_id, min(p.id) as payout_id from withdrawals_payout p
           join withdrawals_withdrawal w on w.customer_id = p.customer_id and w.id = p.withdrawal_id
           join funding_asset f on f.name = p.asset
           where p.destination <> w.address or p.asset <> w.asset or p.net_micros <= 0
              or p.amount <> fn.payout_amount(p.net_micros, p.rate, f.decimals)
              or p.state <> 'dead' and p.net_micros <> w.gross_micros - w.fee_micros - w.network_micros
           group by 1, 2) p on p.customer_id = x.customer_id and p.withdrawal_id = x.id
where (x.gross_micros < {{withdrawal_least_micros}}
       or x.fee_micros <> case when x.waived_for is null then {{withdrawal_fee_micros}} else 0 end
       or x.state in ({{withdrawal_reserved}}, 'paid', 'returned') and x.confirmed_at is null
       or x.state in ({{withdrawal_payable}}, 'paid', 'returned') and coalesce(a.given, 0) < fn.approvals_wanted(x.gross_micros)
       or a.own or p.payout_id is not null) /*scope x*/
