-- The audit log's hash chain is unbroken and begins at its beginning.
select id, at, actor, action from (
  select l.*, lag(hash, 1, '\x'::bytea) over (order by id) as hash_before, row_number() over (order by id) as n
  from core_audit_log l) chain
where prev_hash <> hash_before or id <> n or hash <> fn.audit_line(id, at, actor, action, subject, detail, prev_hash)
