-- Leases of an address that had begun when the message came, the running ones first.
create function fn.leases_at(p_address text, p_at timestamptz)
returns table (activation_id bigint, customer_id bigint, service_id int, running boolean) language sql stable as $$
  select l.activation_id, l.customer_id, l.service_id,
         p_at <= l.ends_at and (l.released_at is null or l.released_at > p_at)
  from supply_lease l
  where (l.address = p_address and l.blocking or l.address = p_address and not l.blocking) and l.starts_at <= p_at
  order by 4 desc, l.starts_at desc limit 20
$$;

-- Services whose own sender this plainly is: the same name, or for mail the same domain or one below it.
create function fn.services_of_sender(p_sender text) returns setof int language sql stable as $$
  select s.id from catalogue_service s, unnest(s.senders) own
  where lower(p_sender) = lower(own) or right(lower(p_sender), length(own) + 1) in ('@' || lower(own), '.' || lower(own))
$$;

-- Gives an original that belongs to no running activation its fate. False when it has one already.
create function fn.message_fate(p_original bigint, p_fate text, p_customer bigint, p_activation bigint, p_code text)
returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update intake_fate set fate = p_fate, customer_id = p_customer, activation_id = p_activation, code = p_code,
    settled_at = fn.now() where original_id = p_original and fate = 'pending';
  return found;
end $$;

-- Delivers a message to the activation that held the address: the policy's row for `code` or `message` in its present
-- state decides; a closed activation makes it late. One transaction with the money, once per original.
create function fn.message_deliver(p_original bigint, p_customer bigint, p_activation bigint, p_sender text, p_text text,
                                   p_code text, p_link text, p_suspicious boolean) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  f intake_fate; a activations_activation; r activations_rule; v_fate text; v_received timestamptz;
  v_found boolean := p_code is not null or p_link is not null; v_shown boolean;
begin
  select * into strict f from intake_fate where original_id = p_original for update;
  if f.fate <> 'pending' then return f.fate; end if;
  select received_at into strict v_received from intake_original where id = p_original;
  select * into strict a from activations_activation where customer_id = p_customer and id = p_activation for update;
  select * into strict r from activations_rule where event = case when v_found then 'code' else 'message' end and from_state = a.state;
  if r.refusal is not null or v_received > a.expires_at then
    v_fate := 'late';
  elsif exists (select from activations_message m where m.customer_id = p_customer and m.activation_id = p_activation
                and m.sender = p_sender and m.text = p_text
                and m.original_id in (select o.id from intake_original o where o.id = m.original_id
                                      and o.carrier <> (select carrier from intake_original where id = p_original))
                and m.received_at > v_received - interval '{{duplicate_seconds}} seconds') then
    v_fate := 'duplicate';  -- the same text by a second carrier
  else
    v_fate := case when v_found then 'delivered' else 'no_code' end;
    v_shown := v_found or a.state = 'received';
    insert into activations_message (customer_id, activation_id, revision, received_at, sender, text, code, link, shown, original_id)
    values (p_customer, p_activation, a.revision + 1, v_received, p_sender, p_text, p_code, p_link, v_shown, p_original);
    if v_found then  -- paid for: what was hidden is shown
      update activations_message set shown = true where customer_id = p_customer and activation_id = p_activation and not shown;
    end if;
    perform fn.activation_step(a, r, case when v_found then 'activation.code' else 'activation.message' end,
      json_build_object('received_at', fn.stamp(v_received), 'sender', p_sender, 'text', case when v_shown then p_text end,
                        'code', p_code, 'link', p_link));
  end if;
  update intake_fate set fate = v_fate, customer_id = p_customer, activation_id = p_activation, code = coalesce(p_code, p_link),
    suspicious = p_suspicious, settled_at = fn.now() where original_id = p_original;
  return v_fate;
end $$;

-- Originals still without a fate: what a crash between acknowledgement and settling left, and parts whose time is up.
create function fn.originals_pending(p_limit int) returns setof bigint
language sql security definer set search_path = public, pg_temp as $$
  update intake_fate set attempts = attempts + 1, settle_after = fn.now() + interval '5 seconds' * least(attempts + 1, 12)
  where original_id in (select original_id from intake_fate where fate = 'pending' and settle_after <= fn.now()
                        order by settle_after limit p_limit for update skip locked)
  returning original_id
$$;
