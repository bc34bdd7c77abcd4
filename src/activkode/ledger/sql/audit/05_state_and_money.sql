-- State and money agree: open without a code = hold only; received, completed = capture; cancelled, expired, failed = release. What was captured is credited again only under a granted case, as that case says.
with money as (
  select t.customer_id, t.reference_id as id, bool_or(movement = 'capture') as captured, bool_or(movement = 'release') as released,
    coalesce(sum(t.amount_micros) filter (where t.movement = 'case_credit'), 0) as credited
  from ledger_transfer t where reference_kind = 'activation' /*scope t*/ group by 1, 2),
granted as (
  select d.customer_id, d.activation_id as id, sum(d.amount_micros) as amount from support_decision d
  where d.activation_id is not null and d.outcome = 'granted' /*scope d*/ group by 1, 2)
select a.customer_id, a.id as activation_id, a.state, m.captured, m.released, m.credited, g.amount as granted
from activations_activation a left join money m using (customer_id, id) left join granted g using (customer_id, id)
where ((coalesce(m.captured, false), coalesce(m.released, false)) is distinct from
       (a.state in ('received', 'completed'), a.state in ('cancelled', 'expired', 'failed'))
    or coalesce(m.credited, 0) <> coalesce(g.amount, 0)
    or m.credited > case when a.state in ('received', 'completed') then a.price_micros else 0 end) /*scope a*/
