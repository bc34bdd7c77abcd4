-- Looks a key up before its request is carried out. Null: this is the first. The advisory lock serves only the polite
-- answer "still running"; that a key has one outcome is the primary key's work.
create function fn.key_begin(p_customer bigint, p_key text, p_hash bytea) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare v core_idempotency;
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_key, p_customer)) then
    return json_build_object('refused', 'request_in_progress');
  end if;
  select * into v from core_idempotency where customer_id = p_customer and key = p_key;
  if not found then return null; end if;
  if v.body_hash <> p_hash then
    return json_build_object('refused', 'idempotency_key_reused');
  end if;
  return json_build_object('replayed', v.outcome);
end $$;

create function fn.key_end(p_customer bigint, p_key text, p_hash bytea, p_outcome json) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into core_idempotency (customer_id, key, body_hash, outcome, created_at)
  values (p_customer, p_key, p_hash, p_outcome::jsonb, fn.now())
$$;

create function fn.keys_forget(p_limit int) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    delete from core_idempotency where ctid = any (array(
      select ctid from core_idempotency where created_at < fn.now() - interval '{{key_days}} days' limit p_limit))
    returning 1)
  select count(*) from gone
$$;
