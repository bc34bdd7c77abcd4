-- The columns of read.Withdrawal, in order.
select x.id, x.customer_id, x.asset, x.address, x.gross_micros, x.fee_micros, x.network_micros, x.state, x.channel,
  x.note, x.requested_at, x.quote_micros, x.consent_by, x.confirmed_at, x.first_due_at, x.due_at, x.paused_at,
  x.approved_at, x.signed_at, x.broadcast_at, x.closed_at, x.closed_by, x.reason, x.waived_by, x.waived_for,
  x.released_by, x.policy_version, fn.withdrawal_frozen(x), fn.withdrawal_waits_until(x.customer_id),
  fn.payout_live(x), fn.approvals_wanted(x.gross_micros), u.email
from withdrawals_withdrawal x join identity_user u on u.id = x.customer_id
