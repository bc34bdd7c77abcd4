-- A paid withdrawal has exactly one confirmed payout, no other has any; at most one attempt is live; a nonce serves one withdrawal.
select x.customer_id, x.id as withdrawal_id, x.state, p.confirmed, p.live, n.shared as nonces_shared
from withdrawals_withdrawal x
left join (select customer_id, withdrawal_id, count(*) filter (where state = 'confirmed') as confirmed,
                  count(*) filter (where state in ({{payout_live}})) as live
           from withdrawals_payout group by 1, 2) p on p.customer_id = x.customer_id and p.withdrawal_id = x.id
left join (select o.customer_id, o.withdrawal_id, count(*) as shared from withdrawals_payout o
           join (select wallet, nonce from withdrawals_payout where nonce is not null group by 1, 2 having count(distinct withdrawal_id) > 1) d
             on d.wallet = o.wallet and d.nonce = o.nonce group by 1, 2) n on n.customer_id = x.customer_id and n.withdrawal_id = x.id
where (coalesce(p.confirmed, 0) <> (x.state = 'paid')::int or p.live > 1 or p.live > 0 and x.state not in ('approved', 'signed', 'broadcast')
       or n.shared > 0) /*scope x*/
