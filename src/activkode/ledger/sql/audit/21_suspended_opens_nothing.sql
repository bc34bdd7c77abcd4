-- A suspended customer opens nothing and is paid nothing without a granted case; what a case moved is what was decided, to the micro-dollar.
select s.customer_id, s.at as suspended_at, s.lifted_at, found.what, found.id, found.at
from identity_suspension s join (
  select customer_id, 'activation' as what, id, opened_at as at, null::timestamptz as released_at from activations_activation
  union all select customer_id, 'withdrawal', id, requested_at, null from withdrawals_withdrawal
  union all select p.customer_id, 'payout handed', p.id, p.handed_at, x.released_at from withdrawals_payout p
    join withdrawals_withdrawal x on x.customer_id = p.customer_id and x.id = p.withdrawal_id
  union all select p.customer_id, 'payout sent', p.id, min(t.sent_at), max(x.released_at) from withdrawals_payout p
    join withdrawals_withdrawal x on x.customer_id = p.customer_id and x.id = p.withdrawal_id
    join withdrawals_transaction t on t.customer_id = p.customer_id and t.payout_id = p.id and t.kind = 'pay' group by 1, 3
) found on found.customer_id = s.customer_id
-- What was under way when the wallet froze took its time before it took the lock.
where found.at > s.at + interval '5 seconds' and found.at < coalesce(s.lifted_at, 'infinity')
  and (found.released_at between s.at and found.at) is not true /*scope s*/
union all
select x.customer_id, x.requested_at, null, 'withdrawal released by no granted case', x.id, x.confirmed_at from withdrawals_withdrawal x
where x.released_by is not null /*scope x*/ and not exists (
  select from support_decision d where d.case_id = x.released_by and d.withdrawal_id = x.id and d.outcome = 'granted')
union all
select coalesce(m.customer_id, d.customer_id), null, null, 'case moved what was not decided', coalesce(m.id, d.id), coalesce(m.at, d.at)
from (select t.customer_id, t.reference_id as id, t.movement, sum(t.amount_micros) as amount, max(t.at) as at from ledger_transfer t
      where t.reference_kind = 'case' /*scope t*/ group by 1, 2, 3) m
full join (
  select d.customer_id, d.case_id as id, 'case_credit' as movement, d.amount_micros as amount, d.at from support_decision d
  where d.activation_id is null and d.amount_micros > 0 and d.outcome = 'granted' /*scope d*/
  union all
  select d.taken_from, d.case_id, 'case_taken_back', d.taken_micros, d.at from support_decision d
  where d.taken_micros > 0 /*taken d*/) d using (customer_id, id, movement)
where m.amount is distinct from d.amount
