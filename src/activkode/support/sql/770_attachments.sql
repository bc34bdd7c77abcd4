-- Keeps a file of a case within the limits of number and size. Gives {"attachment": id} or {"refused": code}.
create function fn.case_attach(p_id bigint, p_author text, p_actor_id bigint, p_message bigint, p_internal boolean, p_token text,
  p_name text, p_image boolean, p_media_type text, p_width int, p_height int, p_content bytea) returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare c support_case; v_count bigint; v_bytes bigint; v_id bigint;
begin
  c := fn.case_lock(p_id);
  if c.id is null or p_author = 'customer' and p_actor_id is distinct from c.customer_id then
    return json_build_object('refused', 'not_found');
  end if;
  if p_author = 'staff' and p_actor_id = c.customer_id then
    return fn.case_refused(c, 'forbidden', 'Nobody works on a case of the own account.');
  end if;
  select count(*), coalesce(sum(size_bytes), 0) into v_count, v_bytes from support_attachment where case_id = c.id;
  if v_count >= {{attachments_most}} or v_bytes + octet_length(p_content) > {{case_bytes_most}} then
    return fn.case_refused(c, 'limit_reached', 'There are as many files as a case takes.');
  end if;
  insert into support_attachment (case_id, message_id, at, token, name, image, media_type, width, height, size_bytes, sha256, content, internal)
  values (c.id, (select id from support_message where id = p_message and case_id = c.id), fn.now(), p_token, p_name, p_image,
          p_media_type, p_width, p_height, octet_length(p_content), sha256(p_content), p_content, p_internal)
  returning id into v_id;
  return json_build_object('attachment', v_id);
end $$;
