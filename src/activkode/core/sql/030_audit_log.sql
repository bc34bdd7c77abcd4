-- One line of the audit log; the hash covers the line before it. The lock makes one chain of many writers.
create function fn.audit_line(p_id bigint, p_at timestamptz, p_actor text, p_action text, p_subject text, p_detail jsonb, p_prev bytea)
returns bytea language sql stable as $$
  select sha256(p_prev || convert_to(concat_ws(chr(31), p_id, fn.stamp(p_at), p_actor, p_action, p_subject, p_detail::text), 'UTF8'))
$$;

create function fn.audit_log(p_actor text, p_action text, p_subject text, p_detail jsonb) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_last core_audit_log; v_id bigint; v_at timestamptz; v_prev bytea;
begin
  lock table core_audit_log in exclusive mode;
  select * into v_last from core_audit_log order by id desc limit 1;
  v_id := coalesce(v_last.id, 0) + 1;
  v_prev := coalesce(v_last.hash, '\x'::bytea);
  v_at := date_trunc('milliseconds', fn.now());
  insert into core_audit_log (id, at, actor, action, subject, detail, prev_hash, hash)
  values (v_id, v_at, p_actor, p_action, p_subject, p_detail, v_prev,
          fn.audit_line(v_id, v_at, p_actor, p_action, p_subject, p_detail, v_prev));
  return v_id;
end $$;
