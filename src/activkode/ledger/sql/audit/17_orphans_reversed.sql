-- A credit whose event left the chain is reversed or under a case.
select d.customer_id, d.id as deposit_id, d.chain, d.tx, d.state, d.block, d.unmined_at
from funding_deposit d join funding_chain c on c.name = d.chain
left join funding_block b on b.chain = d.chain and b.hash = d.block
where d.state = 'credited' /*scope d*/
  and (b.hash is not null and not b.canonical
       or d.block is null and d.unmined_at is null
       or d.unmined_at < fn.now() - interval '5 minutes' and c.trouble = '' and c.cursor_height >= c.head_height)
