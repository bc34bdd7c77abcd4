-- What a caller may know of an activation, from plain values: the one place that knows the words. It reads no table, and
-- is written as text, for building the object from pairs asks the catalogue about the type of each.
create function fn.activation_told(p_id bigint, p_customer bigint, p_kind text, p_service text, p_country text, p_operator text,
  p_address text, p_price bigint, p_state text, p_window int, p_opened timestamptz, p_cancel timestamptz, p_expires timestamptz,
  p_closed timestamptz, p_revision int, p_policy int, p_clause text, p_refunded timestamptz, p_messages json) returns json
language sql stable as $$
  select format(
    '{"id": %s, "customer": %s, "kind": %s, "service": %s, "country": %s, "operator": %s, "address": %s, "price_micros": %s, '
    '"state": "%s", "window_seconds": %s, "opened_at": "%s", "cancel_from": "%s", "expires_at": "%s", "closed_at": %s, '
    '"revision": %s, "policy_version": %s, "clause": %s, "refunded_at": %s, "messages": %s}',
    p_id, p_customer, to_json(p_kind), to_json(p_service), coalesce(to_json(p_country), 'null'), to_json(p_operator),
    to_json(p_address), p_price, p_state, p_window, fn.stamp(p_opened), fn.stamp(p_cancel), fn.stamp(p_expires),
    coalesce(to_json(fn.stamp(p_closed)), 'null'), p_revision, p_policy, coalesce(to_json(p_clause), 'null'),
    coalesce(to_json(fn.stamp(p_refunded)), 'null'), p_messages)::json
$$;

-- The same of a row, whose service and messages are at hand.
create function fn.activation_json(a activations_activation, p_service text, p_messages json) returns json
language sql stable as $$
  select fn.activation_told(a.id, a.customer_id, a.kind, p_service, a.country_id, a.operator, a.address, a.price_micros, a.state,
    a.window_seconds, a.opened_at, a.cancel_from, a.expires_at, a.closed_at, a.revision, a.policy_version, a.clause,
    a.refunded_at, p_messages)
$$;

-- Everything a caller may know of an activation, in one value: pages and doors render this and nothing else.
create function fn.activation_document(a activations_activation) returns json language plpgsql stable as $$
declare v_service text; v_messages json := '[]';
begin
  select code into v_service from catalogue_service where id = a.service_id;
  if a.revision > 1 then v_messages := fn.activation_messages(a.customer_id, a.id); end if;
  return fn.activation_json(a, v_service, v_messages);
end $$;

-- Its messages; what may not be seen yet is null.
create function fn.activation_messages(p_customer bigint, p_id bigint) returns json language plpgsql stable as $$
begin
  return (
    select coalesce(json_agg(json_build_object(
        'revision', m.revision, 'received_at', fn.stamp(m.received_at), 'sender', m.sender,
        'text', case when m.shown then m.text end, 'code', case when m.shown then m.code end,
        'link', case when m.shown then m.link end, 'shown', m.shown) order by m.revision), '[]')
    from activations_message m where m.customer_id = p_customer and m.activation_id = p_id);
end $$;
