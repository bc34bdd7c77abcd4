-- A case as read.py gives it, with its customer's address, its last decision and whether its customer wrote since.
select c.id, c.customer_id, c.kind, c.channel, c.state, c.verified, coalesce(u.email, c.email), c.subject, c.description,
  c.activation_id, c.deposit_id, c.withdrawal_id, c.origin, c.mail_id, c.received_at, c.opened_at, c.begun_at, c.due_at, c.first_due_at,
  c.paused_at, c.interim_at, c.reopened_at, c.decided_at, c.closed_at, c.policy_version,
  d.number, d.outcome, d.clause, d.reason, d.amount_micros,
  c.state in ('open', 'waiting_customer') and c.paused_at is null and c.due_at < fn.now(),
  exists (select from support_message m where m.case_id = c.id and m.author = 'customer'
          and m.at > coalesce((select max(s.at) from support_message s where s.case_id = c.id and s.author = 'staff' and not s.internal),
                              '-infinity'))
from support_case c
left join identity_user u on u.id = c.customer_id
left join lateral (select * from support_decision d where d.case_id = c.id order by number desc limit 1) d on true
