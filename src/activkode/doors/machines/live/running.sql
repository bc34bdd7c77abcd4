-- The time, and then the transactions that have written something and still run: each holds a lock on its own number.
-- This comes before events.sql, so that what is neither running here nor to be seen there began after this time.
select fn.now(), array(
  select transactionid::text from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted)
