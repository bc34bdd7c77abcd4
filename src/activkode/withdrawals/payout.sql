-- The columns of read.Payout, in order.
select p.id, p.customer_id, p.withdrawal_id, p.state, p.asset, p.chain, p.wallet, p.nonce, p.destination,
  p.amount::text, p.net_micros, p.rate::text, p.rate_at, p.rate_sources::json, p.most_fee::text, p.handed_at,
  p.signed_at, p.sent_at, p.ended_at, p.looked_at, p.standing, p.tx, p.height, p.confirmations, p.fee_paid::text,
  p.proof::json
from withdrawals_payout p
