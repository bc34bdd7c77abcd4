-- State and money agree: open without a code = hold only; received, completed = capture; cancelled, expired, failed = release.
with money as (
  select t.customer_id, t.reference_id as id, bool_or(movement = 'capture') as captured, bool_or(movement = 'release') as released
  from ledger_transfer t where reference_kind = 'activation' /*scope t*/ group by 1, 2)
select a.customer_id, a.id as activation_id, a.state, m.captured, m.released
from activations_activation a left join money m using (customer_id, id)
where (coalesce(m.captured, false), coalesce(m.released, false)) is distinct from
      (a.state in ('received', 'completed'), a.state in ('cancelled', 'expired', 'failed')) /*scope a*/
