-- Puts every number that is active, offered and not blocked into the free rows: after an import, a new offer, the end
-- of a quarantine. Safe to repeat.
create function fn.stock_fill(p_offer int default null, p_numbers bigint[] default null) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with filled as (
    insert into supply_free (offer_id, rnd, number_id, phone)
    select o.id, (random() * 2147483646)::int, n.id, n.phone
    from catalogue_offer o
    join supply_number n on n.country_id = o.country_id and n.operator = o.operator and n.active
    where o.kind = 'sms' and (p_offer is null or o.id = p_offer) and (p_numbers is null or n.id = any (p_numbers))
      and not exists (select from supply_lease l where l.address = n.phone and l.service_id = o.service_id and l.blocking)
      and not exists (select from supply_free f where f.number_id = n.id and f.offer_id = o.id)
    for share of n  -- a number that is retired meanwhile gets no row
    on conflict do nothing returning 1)
  select count(*) from filled
$$;

-- Ends quarantines that are over and gives those numbers back.
create function fn.quarantine_end(p_limit int) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with over as (
    select until, activation_id from supply_rest
    where until <= fn.now() order by until limit p_limit for update skip locked),
  rested as (
    delete from supply_rest r using over where r.until = over.until and r.activation_id = over.activation_id
    returning r.activation_id),
  ended as (
    update supply_lease l set blocking = false from rested where l.activation_id = rested.activation_id
    returning l.offer_id, l.number_id, l.address),
  given as (
    insert into supply_free (offer_id, rnd, number_id, phone)
    select e.offer_id, (random() * 2147483646)::int, e.number_id, e.address
    from ended e join supply_number n on n.id = e.number_id and n.active
    for share of n
    on conflict do nothing returning 1)
  select count(*) from ended
$$;

-- Takes a number out of service; running leases end by themselves. The lock is the takers': who deletes a free row holds
-- it, so that no taker ever waits for another.
create function fn.number_retire(p_number bigint) returns void
language sql security definer set search_path = public, pg_temp as $$
  select pg_advisory_xact_lock(p_number);
  with retired as (update supply_number set active = false where id = p_number returning id)
  delete from supply_free using retired where supply_free.number_id = retired.id
$$;
