-- Leases a number or an address of the offer to an activation and gives it, or null where none is left.
--
-- Takers of numbers start at random keys and look without locking. Whose is the lock on the number's id may take it, and
-- whoever does not get it goes on to the next number: nobody waits, and the lock costs no write. Under it a fresh look
-- tells whether the row is still there, and whether a running lease of the number could be mistaken for this one: two
-- services share a number only when both have sender names that tell their messages apart. That the number is in service
-- is known: a retired number has no free rows.
-- The key alone is compared, not the pair of key and number: PostgreSQL compares the whole page of the index.
create function fn.lease_take(p_activation bigint, p_customer bigint, p_service int, p_offer int, p_kind text, p_operator text,
                              p_separable boolean, p_at timestamptz, p_ends timestamptz) returns text
language plpgsql as $$
declare v_rnd int; v_number bigint; v_row tid; v_address text; v_round int := 1; v_tries int := 0;
begin
  if p_kind <> 'sms' then
    v_address := fn.mailbox_take(p_operator);
  else
    v_rnd := random() * 2147483646;
    loop
      select f.ctid, f.rnd, f.number_id, f.phone into v_row, v_rnd, v_number, v_address from supply_free f
      where f.offer_id = p_offer and f.rnd > v_rnd order by f.rnd limit 1;
      if not found then
        if v_round = 2 then return null; end if;
        v_round := 2;
        v_rnd := -1;
      elsif pg_try_advisory_xact_lock(v_number) then
        delete from supply_free where ctid = v_row and number_id = v_number and offer_id = p_offer
          and not exists (select from supply_lease l where l.address = v_address and l.blocking and l.released_at is null
                          and not (p_separable and fn.service_separable(l.service_id)));
        exit when found;
      end if;
      v_tries := v_tries + 1;
      if v_tries = 80 then return null; end if;
    end loop;
  end if;
  insert into supply_lease (activation_id, customer_id, service_id, offer_id, kind, address, number_id, starts_at, ends_at, blocking)
  values (p_activation, p_customer, p_service, p_offer, p_kind, v_address, v_number, p_at, p_ends, true);
  return v_address;
end $$;

-- Whether a service has sender names that tell its messages apart.
create function fn.service_separable(p_service int) returns boolean language sql stable as $$
  select senders <> '{}' from catalogue_service where id = p_service
$$;

-- Undoes `fn.lease_take` in its own transaction, as if it had never been.
create function fn.lease_untake(p_activation bigint) returns void language sql as $$
  with gone as (delete from supply_lease where activation_id = p_activation returning offer_id, number_id, address)
  insert into supply_free (offer_id, rnd, number_id, phone)
  select offer_id, (random() * 2147483646)::int, number_id, address from gone where number_id is not null
$$;

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

-- The end of a lease, nothing where it had ended. A number rests for the quarantine; an e-mail address is never given again.
create function fn.lease_release(p_activation bigint, p_at timestamptz) returns void language sql as $$
  with released as (
    update supply_lease set released_at = p_at,
      blocked_until = case kind when 'sms' then p_at + interval '{{quarantine_seconds}} seconds' else 'infinity' end
    where activation_id = p_activation and released_at is null returning blocked_until)
  insert into supply_rest (until, activation_id)
  select blocked_until, p_activation from released where blocked_until < 'infinity'
$$;
