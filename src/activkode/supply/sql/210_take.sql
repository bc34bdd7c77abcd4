-- Takes a free number for an offer and gives the digits, or null. Takers start at random keys and skip what others
-- hold. A number is shared by two services only when both have sender names that tell their messages apart; the lock
-- on the number's row makes that test safe against a second taker.
create function fn.number_take(p_offer int, p_separable boolean, out o_number bigint, out o_phone text)
language plpgsql as $$
declare v_from int := (random() * 2147483646)::int; c record; v_round int;
begin
  for v_round in 1..2 loop
    for c in
      select f.rnd, f.number_id, f.phone from supply_free f
      where f.offer_id = p_offer and (case v_round when 1 then f.rnd >= v_from else f.rnd < v_from end)
      order by f.rnd for update skip locked limit 20
    loop
      perform 1 from supply_number n where n.id = c.number_id and n.active for no key update skip locked;
      continue when not found;
      perform 1 from supply_lease l join catalogue_service s on s.id = l.service_id
      where l.address = c.phone and l.released_at is null and not (p_separable and s.senders <> '{}');
      continue when found;
      delete from supply_free where offer_id = p_offer and rnd = c.rnd and number_id = c.number_id;
      o_number := c.number_id;
      o_phone := c.phone;
      return;
    end loop;
  end loop;
end $$;

-- An address that was never given before: three syllables and four digits at the domain.
create function fn.mailbox_take(p_domain text) returns text language plpgsql as $$
declare v text;
begin
  loop
    select string_agg(substr('bdfghjklmnprstvz', 1 + (random() * 15)::int, 1) || substr('aeiou', 1 + (random() * 4)::int, 1), '')
           || lpad((random() * 9999)::int::text, 4, '0') || '@' || p_domain
    into v from generate_series(1, 4);
    exit when not exists (select from supply_lease where address = v);
  end loop;
  return v;
end $$;

-- The end of a lease. A number rests for the quarantine; an e-mail address is never given again.
create function fn.lease_release(p_activation bigint, p_at timestamptz) returns void language sql as $$
  update supply_lease set released_at = p_at,
    blocked_until = case kind when 'sms' then p_at + interval '{{quarantine_seconds}} seconds' else 'infinity' end
  where activation_id = p_activation and released_at is null
$$;
