-- Which blocks of a chain the second reading takes next: p_days days of final blocks, begun anew when a day's worth of new
-- ones has become final since the last began, and gone on with wherever it was cut off.
create function fn.rescan_next(p_chain text, p_day_blocks bigint, p_days int, p_final bigint, out first bigint, out until bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare c funding_chain;
begin
  select * into c from funding_chain where name = p_chain for update;
  if not found then return; end if;
  if c.rescanned_height >= c.rescan_until and p_final - c.rescan_until >= p_day_blocks then
    -- Of the block that was read first the deposits are none of our concern.
    c.rescanned_height := greatest(p_final - p_day_blocks * p_days,
                                   (select min(height) from funding_block where chain = p_chain and canonical));
    c.rescan_until := p_final;
    update funding_chain set rescanned_height = c.rescanned_height, rescan_until = c.rescan_until where name = p_chain;
  end if;
  if c.rescanned_height < c.rescan_until then
    first := c.rescanned_height + 1;
    until := c.rescan_until;
  end if;
end $$;

-- Which of p_found (as in fn.deposits_found) are at our addresses and in no block, as far as is recorded: [tx, position].
create function fn.rescan_missing(p_chain text, p_found jsonb) returns table (tx text, "position" int)
language sql stable security definer set search_path = public, pg_temp as $$
  select x.tx, x.position from jsonb_to_recordset(p_found) as x (tx text, position int, key text)
  join funding_address a on a.chain = p_chain and a.key = x.key
  where not exists (select from funding_deposit d
                    where d.chain = p_chain and d.tx = x.tx and d.position = x.position and d.address = a.address and d.block is not null)
$$;

-- Keeps the second reading of a block: deposits that were missing are added as any block's are. One whose amount may already
-- have been found as a difference of balances goes before a person, so that it is not credited twice. False where the block
-- is not the one that was read, or another clock was here.
create function fn.rescan_keep(p_chain text, p_height bigint, p_hash text, p_missing jsonb) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_found jsonb;
begin
  perform 1 from funding_chain where name = p_chain and rescanned_height = p_height - 1 for update;
  if not found then return false; end if;
  update funding_chain set rescanned_height = p_height where name = p_chain;
  perform 1 from funding_block where chain = p_chain and height = p_height and canonical and hash = p_hash;
  if not found then return false; end if;
  select coalesce(jsonb_agg(case when m ->> 'reason' is null and exists (
      select from funding_deposit d join funding_address a on a.chain = d.chain and a.address = d.address
      where a.chain = p_chain and a.key = m ->> 'key' and d.asset = m ->> 'asset' and d.tx like 'balance:%'
        and d.height >= p_height and d.state <> 'ignored')
    then m || '{"reason": "internal_transfer"}' else m end), '[]') into v_found from jsonb_array_elements(p_missing) m;
  perform fn.deposits_found(p_chain, v_found, p_height, p_hash);
  return true;
end $$;
