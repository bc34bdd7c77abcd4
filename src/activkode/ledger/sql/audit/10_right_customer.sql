-- A delivered message belongs to the customer who held the lease of its recipient when it was received.
select m.customer_id, m.activation_id, m.revision, o.recipient, o.received_at
from activations_message m
left join intake_original o on o.id = m.original_id
left join intake_fate f on f.original_id = m.original_id
left join supply_lease l on l.activation_id = m.activation_id
where (l.customer_id is distinct from m.customer_id or l.address is distinct from o.recipient
   or f.customer_id is distinct from m.customer_id or f.activation_id is distinct from m.activation_id
   or f.fate not in ('delivered', 'no_code')
   or o.received_at < l.starts_at or o.received_at > l.ends_at or o.received_at > l.released_at) /*scope m*/
