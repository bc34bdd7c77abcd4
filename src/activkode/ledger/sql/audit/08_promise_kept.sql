-- Nothing waits past its end by more than the promised time; each automatic refund came within it. Time in which no
-- clock ran is counted from its end. What is overdue is looked for everywhere, always: nothing happens to what is stuck.
select a.customer_id, a.id as activation_id, a.state, a.expires_at, a.closed_at, a.refunded_at
from activations_activation a
where a.state in ({{open_states}})
  and a.expires_at < (select fn.now()) - interval '{{expiry_promise_seconds}} seconds'
  and fn.due_since(a.expires_at) < fn.now() - interval '{{expiry_promise_seconds}} seconds'
union all
select a.customer_id, a.id, a.state, a.expires_at, a.closed_at, a.refunded_at
from activations_activation a
where ((a.refunded_at > a.closed_at + interval '{{expiry_promise_seconds}} seconds'
        and a.refunded_at > fn.due_since(a.closed_at) + interval '{{expiry_promise_seconds}} seconds')
    or (a.state in ('cancelled', 'expired', 'failed') and (a.refunded_at is null or a.closed_at is null))) /*scope a*/
