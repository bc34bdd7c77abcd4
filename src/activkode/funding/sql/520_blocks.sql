-- The first block that is read of a chain: everything before it is none of our concern. False when it was begun before.
create function fn.chain_begin(p_chain text, p_genesis text, p_height bigint, p_hash text, p_parent text, p_at timestamptz)
returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into funding_chain (name, genesis, cursor_height, cursor_hash, head_height, final_height, trouble, rescanned_height)
  values (p_chain, p_genesis, p_height, p_hash, p_height, 0, '', p_height) on conflict do nothing;
  if not found then return false; end if;
  insert into funding_block (chain, hash, height, parent, at, read_at, canonical)
  values (p_chain, p_hash, p_height, p_parent, p_at, fn.now(), true);
  return true;
end $$;

-- What the node says of its newest block, and whether something is wrong with the node.
create function fn.chain_seen(p_chain text, p_head bigint, p_head_at timestamptz, p_final bigint, p_trouble text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update funding_chain set
    head_height = coalesce(p_head, head_height), head_at = coalesce(p_head_at, head_at),
    final_height = greatest(final_height, coalesce(p_final, 0)),
    seen_at = case when p_head is null then seen_at else fn.now() end,
    trouble_since = case when p_trouble = '' then null when trouble = p_trouble then trouble_since else fn.now() end,
    trouble = p_trouble
  where name = p_chain
$$;

-- Reads one block on: it must stand on the cursor's. Its deposits, what it spends and the cursor change together. False
-- when the cursor is elsewhere: another clock was here.
create function fn.block_add(p_chain text, p_height bigint, p_hash text, p_parent text, p_at timestamptz, p_found jsonb,
                             p_spent jsonb) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare c funding_chain;
begin
  select * into strict c from funding_chain where name = p_chain for update;
  if c.cursor_hash <> p_parent or c.cursor_height <> p_height - 1 then return false; end if;
  insert into funding_block (chain, hash, height, parent, at, read_at, canonical)
  values (p_chain, p_hash, p_height, p_parent, p_at, fn.now(), true)
  on conflict (chain, hash) do update set canonical = true, read_at = excluded.read_at;  -- a branch that came back
  perform 1 from ledger_wallet where customer_id in (  -- all at once, in order: the two below take them in two goes
    select a.customer_id from jsonb_to_recordset(p_found) as x (key text) join funding_address a on a.chain = p_chain and a.key = x.key
    union all select d.customer_id from funding_deposit d where p_spent <> '[]' and d.chain = p_chain and d.state in ('seen', 'orphaned'))
    order by customer_id for update;
  perform fn.deposits_found(p_chain, p_found, p_height, p_hash);
  perform fn.deposits_replace(p_chain, p_spent);
  update funding_chain set cursor_height = p_height, cursor_hash = p_hash, head_height = greatest(head_height, p_height)
  where name = p_chain;
  return true;
end $$;

-- Takes the cursor's block back: it is no longer part of the chain. `elsewhere` when the cursor stands elsewhere, `too_deep`
-- when nothing was read before that block.
create function fn.block_drop(p_chain text, p_hash text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare c funding_chain; b funding_block; d funding_deposit;
begin
  select * into strict c from funding_chain where name = p_chain for update;
  if c.cursor_hash <> p_hash then return 'elsewhere'; end if;
  select * into strict b from funding_block where chain = p_chain and hash = p_hash;
  perform 1 from funding_block where chain = p_chain and hash = b.parent and canonical;
  if not found then return 'too_deep'; end if;
  update funding_block set canonical = false where chain = p_chain and hash = p_hash;
  perform 1 from ledger_wallet where customer_id in
    (select customer_id from funding_deposit where chain = p_chain and block = p_hash) order by customer_id for update;
  for d in select * from funding_deposit where chain = p_chain and block = p_hash order by id for update loop
    d.block := null;
    d.height := null;
    d.unmined_at := fn.now();
    if d.state in ({{ripening}}) and d.credited_micros is not null then  -- on its way back, and lost once more
      if d.credited_micros - d.reversed_micros + d.restored_micros > d.written_off_micros then
        perform fn.deposit_step(d, 'fall_short', 'shortfall');
      else
        perform fn.deposit_step(d, 'reverse');
      end if;
    else
      perform fn.deposit_step(d, 'unmine');
    end if;
  end loop;
  update funding_chain set cursor_height = b.height - 1, cursor_hash = b.parent where name = p_chain;
  return 'dropped';
end $$;

-- Forgets blocks that no fork can reach any more; deposits keep the hash of theirs, and what left our addresses in a
-- canonical one goes on counting.
create function fn.blocks_forget(p_limit int) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with old as (
    select b.chain, b.hash, b.canonical from funding_block b join funding_chain c on c.name = b.chain
    where b.read_at < fn.now() - interval '{{blocks_kept_days}} days' and b.height < c.cursor_height - 2 * {{deepest_fork}}
    order by b.chain, b.height limit p_limit),
  left_on_forks as (
    delete from funding_outgoing o using old where o.chain = old.chain and o.block = old.hash and not old.canonical),
  gone as (
    delete from funding_block b using old where b.chain = old.chain and b.hash = old.hash returning 1)
  select count(*) from gone
$$;
