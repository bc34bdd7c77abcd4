-- Stores an original once and gives its id; the peer is acknowledged only after this has committed. A peer without
-- message ids repeats itself after a lost acknowledgement: the same content within {{duplicate_seconds}} s is the same
-- original.
create function fn.original_store(p_carrier text, p_source text, p_kind text, p_recipient text, p_sender text, p_raw bytea,
                                  p_text text, p_reference int, p_total int, p_number int) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_id bigint; v_at timestamptz := fn.now(); v_source text := p_source; v_digest text; v_bucket bigint;
begin
  if p_source = '' then
    v_digest := encode(sha256(convert_to(concat_ws(chr(31), p_recipient, p_sender, p_kind), 'UTF8') || p_raw), 'hex');
    v_bucket := floor(extract(epoch from v_at) / {{duplicate_seconds}});
    perform pg_advisory_xact_lock(hashtextextended(v_digest, 0));
    select id into v_id from intake_original
    where carrier = p_carrier and source_id in (v_digest || '@' || v_bucket, v_digest || '@' || v_bucket - 1)
      and received_at > v_at - interval '{{duplicate_seconds}} seconds' order by id desc limit 1;
    if found then return v_id; end if;
    v_source := v_digest || '@' || v_bucket;
  end if;
  insert into intake_original (carrier, source_id, kind, recipient, sender, raw, text, part_reference, part_total,
                               part_number, received_at)
  values (p_carrier, v_source, p_kind, p_recipient, p_sender, p_raw, p_text, p_reference, p_total, p_number, v_at)
  on conflict (carrier, source_id) do nothing returning id into v_id;
  if v_id is null then
    select id into strict v_id from intake_original where carrier = p_carrier and source_id = v_source;
    return v_id;
  end if;
  insert into intake_fate (original_id, fate, suspicious, attempts, settle_after) values (v_id, 'pending', false, 0, v_at);
  return v_id;
end $$;

-- Joins the parts of a long message. Null while parts are missing and may still come; otherwise the head's id and the
-- texts in order, null for a missing one. The other parts get the fate `part`.
create function fn.parts_join(p_original bigint, out o_head bigint, out o_texts text[])
language plpgsql security definer set search_path = public, pg_temp as $$
declare p intake_original; v_ids bigint[]; v_first timestamptz; v_present int;
begin
  select * into strict p from intake_original where id = p_original;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), p.carrier, p.recipient, p.sender, p.part_reference), 1));
  select array_agg(o.id order by o.id), min(o.received_at), count(distinct o.part_number)
    into v_ids, v_first, v_present
  from intake_original o join intake_fate f on f.original_id = o.id and f.fate = 'pending'
  where o.recipient = p.recipient and o.sender = p.sender and o.part_reference = p.part_reference
    and o.part_total = p.part_total and o.carrier = p.carrier
    and o.received_at between p.received_at - interval '{{parts_window_seconds}} seconds'
                          and p.received_at + interval '{{parts_window_seconds}} seconds';
  if v_ids is null or (v_present < p.part_total and fn.now() < v_first + interval '{{parts_wait_seconds}} seconds') then
    update intake_fate set settle_after = coalesce(v_first, fn.now()) + interval '{{parts_wait_seconds}} seconds'
    where original_id = any (v_ids);
    return;
  end if;
  o_head := v_ids[1];
  select array_agg((select o.text from intake_original o where o.id = any (v_ids) and o.part_number = n order by o.id limit 1) order by n)
    into o_texts from generate_series(1, p.part_total) n;
  update intake_fate set fate = 'part', head_id = o_head, settled_at = fn.now()
  where original_id = any (v_ids) and original_id <> o_head;
end $$;
