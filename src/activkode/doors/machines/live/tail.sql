-- Events since a moment, beside the oldest transaction still running and the number the next one will get, all by one
-- snapshot: a row at least, with nulls where there is no event.
select pg_snapshot_xmin(s.seen)::text, pg_snapshot_xmax(s.seen)::text, e.*
from (select pg_current_snapshot() as seen) s
left join (
  select customer_id, seq, fn.stamp(at), type, activation_id, revision, payload::text from core_event where at > %s
) e on true
