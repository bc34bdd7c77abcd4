-- What the records show of one top-up: a column for each fact of support/proposals.py.
select
  d.state = 'under_case' as topup_under_case,
  d.state = 'under_case' and d.reason = 'shortfall' as topup_shortfall,
  d.state = 'credited' as topup_credited,
  d.state in ('seen', 'confirming', 'pricing', 'accumulating', 'orphaned') as topup_waits,
  d.state in ('replaced', 'ignored', 'reversed') as topup_gone,
  %(received_at)s >= fn.day_ends(coalesce(d.credited_at, d.mined_at, d.seen_at), %(error_days)s) as told_late,
  exists (select from funding_deposit o where o.customer_id = d.customer_id and o.id <> d.id and o.asset = d.asset and o.amount = d.amount
          and o.state = 'credited' and abs(extract(epoch from o.seen_at - d.seen_at)) < %(error_days)s * 86400) as paid_twice,
  exists (select from ledger_wallet w where w.customer_id = d.customer_id and w.frozen_at is not null) as suspended
from funding_deposit d where d.id = %(id)s
