-- Takes a free number for an offer, out of the free rows, or gives null. Takers start at random keys and skip what others
-- hold, one row at a time: a row that is locked and not taken costs as much as one that is. A number is shared by two
-- services only when both have sender names that tell their messages apart; the lock on its id makes that test safe
-- against a second taker, and costs no write.
create function fn.number_take(p_offer int, p_separable boolean) returns supply_free
language plpgsql as $$
declare f supply_free; v_start int := (random() * 2147483646)::int; v_end int := 2147483647; v_tries int := 0;
begin
  f.rnd := v_start;
  f.number_id := -1;
  loop
    delete from supply_free where ctid = (
      select c.ctid from supply_free c
      where c.offer_id = p_offer and (c.rnd, c.number_id) > (f.rnd, f.number_id) and c.rnd < v_end
      order by c.rnd, c.number_id limit 1 for update skip locked)
    returning * into f;
    if not found then
      if v_end = v_start then return null; end if;
      f.rnd := -1;
      f.number_id := -1;
      v_end := v_start;
      continue;
    end if;
    if fn.number_fits(f, p_separable) then return f; end if;
    insert into supply_free values (f.*);
    v_tries := v_tries + 1;
    if v_tries = 40 then return null; end if;
  end loop;
end $$;

-- Whether no running lease of the number could be mistaken for the taker's. That it is in service is known: a retired
-- number has no free rows.
create function fn.number_fits(f supply_free, p_separable boolean) returns boolean language plpgsql as $$
begin
  if not pg_try_advisory_xact_lock(f.number_id) then return false; end if;
  perform 1 from supply_lease l where l.address = f.phone and l.blocking and l.released_at is null;
  if not found then return true; end if;
  perform 1 from supply_lease l join catalogue_service s on s.id = l.service_id
  where l.address = f.phone and l.blocking and l.released_at is null and not (p_separable and s.senders <> '{}');
  return not found;
end $$;

-- An address that was never given before: three syllables and four digits at the domain.
create function fn.mailbox_take(p_domain text) returns text language plpgsql as $$
declare v text;
begin
  loop
    select string_agg(substr('bdfghjklmnprstvz', 1 + (random() * 15)::int, 1) || substr('aeiou', 1 + (random() * 4)::int, 1), '')
           || lpad((random() * 9999)::int::text, 4, '0') || '@' || p_domain
    into v from generate_series(1, 4);
    exit when not exists (select from supply_lease where address = v and blocking);
  end loop;
  return v;
end $$;

-- The end of a lease. A number rests for the quarantine; an e-mail address is never given again.
create function fn.lease_release(p_activation bigint, p_at timestamptz) returns void language sql as $$
  update supply_lease set released_at = p_at,
    blocked_until = case kind when 'sms' then p_at + interval '{{quarantine_seconds}} seconds' else 'infinity' end
  where activation_id = p_activation and released_at is null
$$;
