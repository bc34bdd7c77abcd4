-- An address belongs to one customer for ever; an index is used once, and only after it was handed out.
select a.chain, a.address, count(*) as times, min(a.customer_id) as one, max(a.customer_id) as other, 'shared address' as what
from funding_address a group by a.chain, a.address having count(*) > 1
union all
select a.keychain, a.index::text, count(*), min(a.customer_id), max(a.customer_id), 'index used twice'
from funding_address a group by a.keychain, a.index having count(*) > 1
union all
select a.keychain, a.address, 1, a.customer_id, a.index, 'index that was never handed out'
from funding_address a left join funding_keychain k on k.name = a.keychain where k.name is null or a.index >= k.next_index
