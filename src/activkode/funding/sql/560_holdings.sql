-- What left our addresses in a block: rows of p_left are key, asset, amount. Called with the block's own transaction.
create function fn.outgoing_keep(p_chain text, p_block text, p_left jsonb) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into funding_outgoing (chain, block, key, asset, amount)
  select p_chain, p_block, a.key, x.asset, sum(x.amount)
  from jsonb_to_recordset(p_left) as x (key text, asset text, amount numeric)
  join funding_address a on a.chain = p_chain and a.key = x.key
  group by a.key, x.asset
  on conflict do nothing  -- a branch that came back
$$;

-- The keys whose balances are looked at next: those given out last, those paid last, and a piece of the round through all
-- of them, each up to p_limit.
create function fn.holdings_due(p_chain text, p_limit int) returns setof text
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_last text; v_next text;
begin
  select looked_key into strict v_last from funding_chain where name = p_chain for update;
  select max(key) into v_next from (select key from funding_address where chain = p_chain and key > v_last order by key limit p_limit) x;
  return query
    select key from (select key from funding_address where chain = p_chain and key > v_last order by key limit p_limit) piece
    union
    select given.key from funding_keychain k,
      lateral (select key, chain from funding_address where keychain = k.name order by index desc limit p_limit) given
      where given.chain = p_chain
    union
    select a.key from (select address from funding_deposit where chain = p_chain order by id desc limit p_limit) paid
      join funding_address a on a.address = paid.address and a.chain = p_chain;
  update funding_chain set looked_key = coalesce(v_next, '') where name = p_chain;
end $$;

-- What of an asset has come to an address up to a height by all that is recorded, less what has left it.
create function fn.holding_expected(a funding_address, p_asset text, p_height bigint, out incoming numeric, out outgoing numeric)
language sql stable as $$
  select
    (select coalesce(sum(d.amount), 0) from funding_deposit d
     where d.address = a.address and d.chain = a.chain and d.asset = p_asset and d.block is not null and d.height <= p_height
       and not (d.state = 'ignored' and d.reason in ({{ignorable}}))),
    (select coalesce(sum(o.amount), 0) from funding_outgoing o
     left join funding_block b on b.chain = o.chain and b.hash = o.block  -- a forgotten block was canonical
     where o.chain = a.chain and o.key = a.key and o.asset = p_asset
       and (b.hash is null or b.canonical and b.height <= p_height))
$$;

-- Keeps what the chain says lies on our addresses after a block (rows of p_kept: key, asset, balance), and compares it with
-- what is recorded. More than that came without a transaction or a log that names us: it becomes a deposit under case, never
-- a credit, and counts as recorded from then on. Gives back what differs now and did not so before; nothing where the block is
-- not canonical.
create function fn.holding_keep(p_chain text, p_height bigint, p_hash text, p_kept jsonb)
returns table (address text, asset text, surplus numeric)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare k record; e record; was record; a funding_address; v_before numeric; v_found jsonb := '[]';
begin
  perform 1 from funding_chain where name = p_chain for update;
  perform 1 from funding_block b where b.chain = p_chain and b.hash = p_hash and b.height = p_height and b.canonical;
  if not found then return; end if;
  for k in select * from jsonb_to_recordset(p_kept) as x (key text, asset text, balance numeric) loop
    select * into strict a from funding_address f where f.chain = p_chain and f.key = k.key;
    select * into strict e from fn.holding_expected(a, k.asset, p_height);
    select h.balance, h.height into was from funding_holding h where h.chain = p_chain and h.address = a.address and h.token = k.asset;
    select was.balance - x.incoming + x.outgoing into v_before from fn.holding_expected(a, k.asset, was.height) x;
    insert into funding_holding as h (chain, address, token, customer_id, balance, outgoing, height, looked_at)
    select p_chain, a.address, k.asset, a.customer_id, k.balance, e.outgoing, p_height, fn.now()
    where k.balance > 0 or e.incoming > 0
    on conflict (chain, address, token) do update set
      balance = excluded.balance, outgoing = excluded.outgoing, height = excluded.height, looked_at = excluded.looked_at;
    address := a.address;
    asset := k.asset;
    surplus := k.balance - e.incoming + e.outgoing;
    if surplus > 0 then
      v_found := v_found || jsonb_build_object('tx', 'balance:' || a.address || '@' || p_height, 'position', -1, 'key', k.key,
        'asset', k.asset, 'token', '', 'amount', surplus::text, 'reason', 'internal_transfer');
    end if;
    if surplus <> 0 and surplus is distinct from v_before then return next; end if;
  end loop;
  perform fn.deposits_found(p_chain, v_found, p_height, p_hash);
end $$;
