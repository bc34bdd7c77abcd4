-- The one clock. Tests put a shifted one in its place; nothing else may read the time.
create function fn.now() returns timestamptz
language sql volatile parallel safe as $$ select clock_timestamp() $$;

-- RFC 3339, UTC, milliseconds: the form of every time that leaves the system. Stable, as to_char is: a stricter word
-- would keep it from being inlined.
create function fn.stamp(p_at timestamptz) returns text
language sql stable parallel safe as
$$ select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
