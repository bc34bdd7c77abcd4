-- The columns of read.Transaction, in order.
select t.customer_id, t.payout_id, t.number, t.kind, t.body::json, t.spends::json, t.fee::text, t.fee_coin,
  t.expires_at, t.handed_at, t.handed_by, t.tx, t.raw, t.signed_at, t.signed_by, t.sent_at, t.tries, t.told, t.words,
  t.signer_words
from withdrawals_transaction t
