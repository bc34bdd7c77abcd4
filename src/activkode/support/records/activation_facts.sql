-- What the records show of one activation: a column for each fact of support/proposals.py.
with a as (select * from activations_activation where customer_id = %(customer)s and id = %(id)s),
came as (
  select o.recipient, o.received_at, o.part_total, f.fate, f.code, f.settled_at,
    (select count(*) from intake_fate p where p.head_id = o.id) as parts,
    (select max(part.received_at) from intake_fate p join intake_original part on part.id = p.original_id where p.head_id = o.id) as whole_at
  from a join intake_fate f on f.activation_id = a.id and f.customer_id = a.customer_id join intake_original o on o.id = f.original_id
  where f.fate <> 'part')
select
  a.state in ('requesting', 'waiting') as still_open,
  a.state = 'expired' as expired,
  a.state = 'cancelled' as cancelled,
  a.state = 'failed' as failed,
  a.state in ('received', 'completed') as fulfilled,
  exists (select from ledger_transfer t where t.customer_id = a.customer_id and t.reference_kind = 'activation'
          and t.reference_id = a.id and t.movement = 'case_credit') as credited_by_case,
  exists (select from came where fate = 'delivered'
          and settled_at > greatest(received_at, whole_at) + %(lag_seconds)s * interval '1 second') as shown_late,
  exists (select from came where fate in ('delivered', 'no_code') and part_total > parts + 1) as truncated,
  exists (select from came where fate in ('delivered', 'no_code') and recipient <> l.address) or l.customer_id <> a.customer_id
  or exists (
    select from intake_original o join intake_fate f on f.original_id = o.id
    where o.received_at between l.starts_at and coalesce(l.released_at, l.ends_at) and o.recipient = l.address
      and f.fate in ('delivered', 'no_code') and f.activation_id <> a.id
      and a.service_id in (select fn.services_of_sender(o.sender))) as wrong_renter,
  exists (select from came where fate = 'late') as came_late,
  exists (select from core_outage x where x.started_at < coalesce(a.closed_at, a.expires_at) and x.ended_at > a.opened_at) as outage,
  exists (select from catalogue_offer o where o.id = a.offer_id and o.delisted_at is not null) as delisted,
  exists (select from catalogue_service s where s.id = a.service_id and s.virtual_numbers = 'banned') as banned,
  exists (select from ledger_wallet w where w.customer_id = a.customer_id and w.frozen_at is not null) as suspended
from a left join supply_lease l on l.activation_id = a.id
