-- All that happened to one withdrawal, in order: at, source, what, detail.
with w as (select * from withdrawals_withdrawal where customer_id = %(customer)s and id = %(id)s)
select * from (
  select e.at, 'state' as source, e.type as what, null::jsonb as detail
  from w join core_event e on e.customer_id = w.customer_id and e.at >= w.requested_at and e.type like 'withdrawal.%%'
    and (e.payload ->> 'withdrawal')::bigint = w.id
  union all
  select p.at, 'approval', 'approved', jsonb_build_object('by', p.actor)
  from w join withdrawals_approval p on p.customer_id = w.customer_id and p.withdrawal_id = w.id
  union all
  select p.handed_at, 'payout', p.state, jsonb_build_object('tx', p.tx, 'confirmations', p.confirmations, 'destination', p.destination)
  from w join withdrawals_payout p on p.customer_id = w.customer_id and p.withdrawal_id = w.id
  union all
  select t.at, 'money', t.movement, jsonb_build_object('amount_micros', t.amount_micros, 'purse', t.purse)
  from w join ledger_transfer t on t.customer_id = w.customer_id and t.reference_kind = 'withdrawal' and t.reference_id = w.id) step
order by at, source desc
