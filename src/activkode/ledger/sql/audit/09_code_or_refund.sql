-- A message with a code and an automatic refund never coexist on one activation.
select a.customer_id, a.id as activation_id, a.state, m.revision
from activations_message m join activations_activation a on a.customer_id = m.customer_id and a.id = m.activation_id
where (m.code is not null or m.link is not null or m.shown) and a.state in ('cancelled', 'expired', 'failed') /*scope a*/
