-- Canonical blocks are contiguous and the cursor stands on the last; nothing final on an address of ours waits without a reason.
select b.chain, b.height, b.hash, 'no canonical parent' as what
from funding_block b
left join funding_block p on p.chain = b.chain and p.hash = b.parent and p.canonical and p.height = b.height - 1
where b.canonical and p.hash is null /*since b.read_at*/
  and b.height > (select min(height) from funding_block f where f.chain = b.chain and f.canonical)
union all
select c.name, c.cursor_height, c.cursor_hash, 'the cursor is not on the last canonical block'
from funding_chain c
left join (select chain, max(height) as height from funding_block where canonical group by 1) l on l.chain = c.name
left join funding_block b on b.chain = c.name and b.hash = c.cursor_hash and b.canonical
where b.hash is null or b.height <> c.cursor_height or l.height is distinct from c.cursor_height
union all
select d.chain, d.height, 'deposit ' || d.id, 'deep enough for any amount, and still confirming'
from funding_deposit d
join funding_chain c on c.name = d.chain and c.trouble = '' and c.cursor_height >= c.head_height
join funding_asset a on a.name = d.asset
join funding_block b on b.chain = d.chain and b.canonical
 and b.height = d.height + case when a.deep_final or a.final_only then 64 else a.deep_confirmations - 1 end
where d.state = 'confirming' and b.read_at < fn.now() - interval '5 minutes'
  and (not (a.deep_final or a.final_only) or d.height <= c.final_height - 64)
