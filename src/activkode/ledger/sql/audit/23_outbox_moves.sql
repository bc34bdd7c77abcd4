-- No outbox row is undelivered for more than 5 minutes without a recorded failure.
select id, topic, created_at, attempts from core_outbox
where delivered_at is null and failed_at is null and last_error = ''
  and fn.due_since(created_at) < fn.now() - interval '5 minutes'
