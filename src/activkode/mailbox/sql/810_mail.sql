-- Stores a mail once and gives its id, the same for a repeat; whoever delivers it is told only after this has committed.
create function fn.mail_store(p_carrier text, p_peer text, p_helo text, p_sender text, p_recipient text, p_raw bytea) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_id bigint; v_digest bytea := sha256(convert_to(p_recipient, 'UTF8') || '\x00'::bytea || p_raw);
begin
  insert into mailbox_mail (digest, carrier, peer, helo, sender, recipient, raw, received_at)
  values (v_digest, p_carrier, p_peer, p_helo, p_sender, p_recipient, p_raw, fn.now())
  on conflict (digest) do nothing returning id into v_id;
  if v_id is null then
    select id into strict v_id from mailbox_mail where digest = v_digest;
    return v_id;
  end if;
  insert into mailbox_fate (mail_id, fate, reason, sender, verified_by, message_id, subject, told, attempts, settle_after)
  values (v_id, 'pending', '', '', '', '', '', '', 0, fn.now());
  return v_id;
end $$;

-- Mails without a fate that are due. Each is put off before it is tried, so that one that fails comes again later, and
-- neither stops the others nor is taken by another clock meanwhile.
create function fn.mails_pending(p_limit int) returns table (mail_id bigint, attempts int)
language sql security definer set search_path = public, pg_temp as $$
  update mailbox_fate f set attempts = f.attempts + 1,
    settle_after = fn.now() + interval '{{mail_pause_seconds}} seconds' * power(2, least(f.attempts, 8))
  where f.mail_id in (select p.mail_id from mailbox_fate p where p.fate = 'pending' and p.settle_after <= fn.now()
                      order by p.settle_after limit p_limit for update skip locked)
  returning f.mail_id, f.attempts
$$;

-- Locks a mail that is to be given its fate; false when it has one.
create function fn.mail_take(p_mail bigint) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  select fate = 'pending' from mailbox_fate where mail_id = p_mail for update
$$;

-- Whether a mail with this Message-ID from this proven sender has counted already.
create function fn.mail_counted(p_sender text, p_message_id text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from mailbox_fate where sender = p_sender and message_id = p_message_id and verified_by <> ''
                 and message_id <> '' and fate not in ('parked', 'pending'))
$$;

-- Gives a mail its one fate, in the transaction of what it causes. False when it has one.
create function fn.mail_settle(p_mail bigint, p_fate text, p_reason text, p_sender text, p_verified_by text, p_message_id text,
  p_subject text, p_customer bigint, p_case bigint, p_withdrawal bigint, p_told text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update mailbox_fate set fate = p_fate, reason = p_reason, sender = p_sender, verified_by = p_verified_by,
    message_id = p_message_id, subject = p_subject, customer_id = p_customer, case_id = p_case, withdrawal_id = p_withdrawal,
    told = p_told, settled_at = fn.now()
  where mail_id = p_mail and fate = 'pending';
  return found;
end $$;

-- Whether this address may be told something by a program now: at most once in {{acknowledgement_hours}} hours (POLICY 2.4.7),
-- whatever told it, a case or a mail. Held until the transaction ends, so that two mails at once are told once.
create function fn.mail_may_tell(p_address text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('mail told ' || p_address, 0));
  return not exists (select from mailbox_fate where told = p_address
                     and settled_at > fn.now() - interval '{{acknowledgement_hours}} hours');
end $$;

-- How far a mailbox that stands elsewhere was read.
create function fn.mail_fetched(p_mailbox text, p_validity bigint, p_uid bigint) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  insert into mailbox_fetched (mailbox, uid_validity, last_uid, at) values (p_mailbox, p_validity, p_uid, fn.now())
  on conflict (mailbox, uid_validity) do update
    set last_uid = greatest(mailbox_fetched.last_uid, excluded.last_uid), at = excluded.at
  returning last_uid
$$;
