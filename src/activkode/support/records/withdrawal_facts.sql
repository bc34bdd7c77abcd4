-- What the records show of one withdrawal: a column for each fact of support/proposals.py.
select w.state = 'paid' as withdrawal_paid,
  w.state in ('rejected', 'cancelled', 'returned') as withdrawal_ended,
  w.state not in ('paid', 'rejected', 'cancelled', 'returned') and fn.withdrawal_frozen(w) as withdrawal_frozen,
  exists (select from ledger_wallet x where x.customer_id = w.customer_id and x.frozen_at is not null) as suspended
from withdrawals_withdrawal w where w.customer_id = %(customer)s and w.id = %(id)s
