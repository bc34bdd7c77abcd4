-- The next index of a keychain for a customer who has no address of it yet, else null. The row lock hands indexes out in
-- the order in which they commit, so that whoever follows them misses none. Another key under the same name is refused:
-- its addresses would be another wallet's.
create function fn.address_index(p_keychain text, p_fingerprint text, p_customer bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare k funding_keychain;
begin
  insert into funding_keychain (name, fingerprint, next_index) values (p_keychain, p_fingerprint, 1) on conflict do nothing;
  select * into strict k from funding_keychain where name = p_keychain for update;
  if k.fingerprint <> p_fingerprint then
    raise exception 'keychain % was begun with another key', p_keychain using errcode = 'check_violation';
  end if;
  if exists (select from funding_address where keychain = p_keychain and customer_id = p_customer) then return null; end if;
  update funding_keychain set next_index = k.next_index + 1 where name = p_keychain;
  return k.next_index;
end $$;

-- Gives a customer the address of an index that was handed out in this transaction.
create function fn.address_give(p_keychain text, p_index bigint, p_chain text, p_key text, p_address text, p_asset text,
                                p_customer bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from funding_keychain where name = p_keychain and next_index = p_index + 1;
  if not found then raise exception 'index % of % was not handed out here', p_index, p_keychain; end if;
  insert into funding_address (keychain, index, chain, key, address, asset, customer_id, created_at)
  values (p_keychain, p_index, p_chain, p_key, p_address, p_asset, p_customer, fn.now());
end $$;
