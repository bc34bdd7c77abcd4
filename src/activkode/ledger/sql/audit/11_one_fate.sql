-- Every original has one fate, settled in time; a carrier's message id is stored once. What is pending is looked for
-- everywhere, always: nothing happens to what is stuck.
select o.id as original_id, o.carrier, o.source_id, f.fate, o.received_at
from intake_original o left join intake_fate f on f.original_id = o.id
where (f.original_id is null
   or f.fate not in ('pending', 'part', 'delivered', 'no_code', 'late', 'duplicate', 'other_service', 'no_lease')
   or (f.fate in ('delivered', 'no_code') and not exists (
        select from activations_message m where m.customer_id = f.customer_id and m.activation_id = f.activation_id
          and m.original_id = o.id))) /*since o.received_at*/
union all
select o.id, o.carrier, o.source_id, f.fate, o.received_at
from intake_fate f join intake_original o on o.id = f.original_id
where f.fate = 'pending' and fn.due_since(o.received_at) < fn.now() - interval '5 minutes'
union all
select min(id), carrier, source_id, 'stored ' || count(*) || ' times', min(received_at)
from intake_original where true /*since intake_original.received_at*/ group by carrier, source_id having count(*) > 1
