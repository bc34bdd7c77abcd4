-- A process says that it is alive. A gap of more than 15 s in the clock's own beat was an outage: lateness inside it is
-- counted from its end, and shown.
create function fn.beat(p_name text) returns interval
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_before timestamptz; v_at timestamptz := fn.now();
begin
  select at into v_before from core_heartbeat where name = p_name for update;
  insert into core_heartbeat (name, at) values (p_name, v_at) on conflict (name) do update set at = excluded.at;
  if p_name = 'clock' and v_before < v_at - interval '15 seconds' then
    insert into core_outage (started_at, ended_at) values (v_before, v_at);
    return v_at - v_before;
  end if;
  return null;
end $$;

-- When lateness may begin to count for something due at p_due: then, or at the end of the outage that it fell into.
create function fn.due_since(p_due timestamptz) returns timestamptz language sql stable as $$
  select coalesce((select max(ended_at) from core_outage where p_due between started_at - interval '5 seconds' and ended_at), p_due)
$$;
