-- Events since a moment, in the columns of live/events.py.
select customer_id, seq, fn.stamp(at), type, activation_id, revision, payload::text from core_event where at > %s
