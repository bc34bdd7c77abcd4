-- A paid withdrawal has exactly one confirmed payout, by a payment that is kept, no other has any; one attempt is live; a nonce serves one.
select x.customer_id, x.id as withdrawal_id, x.state, p.confirmed, p.kept, p.live, n.shared as nonces_shared
from withdrawals_withdrawal x
left join (select o.customer_id, o.withdrawal_id, count(*) filter (where o.state = 'confirmed') as confirmed,
                  count(t.tx) filter (where o.state = 'confirmed') as kept, count(*) filter (where o.state in ({{payout_live}})) as live
           from withdrawals_payout o left join withdrawals_transaction t
             on t.customer_id = o.customer_id and t.payout_id = o.id and t.tx = o.tx and t.kind = 'pay' and t.raw is not null
           group by 1, 2) p on p.customer_id = x.customer_id and p.withdrawal_id = x.id
left join (select o.customer_id, o.withdrawal_id, count(*) as shared from withdrawals_payout o
           join (select wallet, nonce from withdrawals_payout where nonce is not null group by 1, 2 having count(distinct withdrawal_id) > 1) d
             on d.wallet = o.wallet and d.nonce = o.nonce group by 1, 2) n on n.customer_id = x.customer_id and n.withdrawal_id = x.id
where (coalesce(p.confirmed, 0) <> (x.state = 'paid')::int or p.kept <> p.confirmed or p.live > 1 or p.live > 0 and x.state not in ({{withdrawal_payable}})
       or n.shared > 0) /*scope x*/
