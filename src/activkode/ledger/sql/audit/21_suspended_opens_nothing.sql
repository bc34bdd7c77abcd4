-- A suspended customer opens nothing and is paid nothing without a granted case.
select s.customer_id, s.at as suspended_at, s.lifted_at, found.what, found.id, found.at
from identity_suspension s join (
  select customer_id, 'activation' as what, id, opened_at as at from activations_activation
  union all select customer_id, 'withdrawal', id, requested_at from withdrawals_withdrawal
  union all select p.customer_id, 'payout handed', p.id, p.handed_at from withdrawals_payout p
    join withdrawals_withdrawal x on x.customer_id = p.customer_id and x.id = p.withdrawal_id where x.released_by is null
  union all select p.customer_id, 'payout sent', p.id, p.sent_at from withdrawals_payout p
    join withdrawals_withdrawal x on x.customer_id = p.customer_id and x.id = p.withdrawal_id where x.released_by is null
) found on found.customer_id = s.customer_id
-- What was under way when the wallet froze took its time before it took the lock.
where found.at > s.at + interval '5 seconds' and found.at < coalesce(s.lifted_at, 'infinity') /*scope s*/
