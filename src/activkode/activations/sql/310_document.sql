-- What a caller may know of an activation whose service and messages are at hand: it reads no table.
create function fn.activation_json(a activations_activation, p_service text, p_messages json) returns json
language sql stable as $$
  select json_build_object(
    'id', a.id, 'customer', a.customer_id, 'kind', a.kind, 'service', p_service,
    'country', a.country_id, 'operator', a.operator, 'address', a.address, 'price_micros', a.price_micros,
    'state', a.state, 'window_seconds', a.window_seconds, 'opened_at', fn.stamp(a.opened_at),
    'cancel_from', fn.stamp(a.cancel_from), 'expires_at', fn.stamp(a.expires_at), 'closed_at', fn.stamp(a.closed_at),
    'revision', a.revision, 'policy_version', a.policy_version, 'clause', a.clause,
    'refunded_at', fn.stamp(a.refunded_at), 'messages', p_messages)
$$;

-- Everything a caller may know of an activation, in one value: pages and doors render this and nothing else.
create function fn.activation_document(a activations_activation) returns json language plpgsql stable as $$
declare v_service text; v_messages json := '[]';
begin
  select code into v_service from catalogue_service where id = a.service_id;
  if a.revision > 1 then
    select coalesce(json_agg(json_build_object(
        'revision', m.revision, 'received_at', fn.stamp(m.received_at), 'sender', m.sender,
        'text', case when m.shown then m.text end, 'code', case when m.shown then m.code end,
        'link', case when m.shown then m.link end, 'shown', m.shown) order by m.revision), '[]')
    into v_messages from activations_message m where m.customer_id = a.customer_id and m.activation_id = a.id;
  end if;
  return fn.activation_json(a, v_service, v_messages);
end $$;
