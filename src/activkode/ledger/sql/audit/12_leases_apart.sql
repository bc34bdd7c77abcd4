-- Leases of one address and service never overlap, quarantine included.
select address, service_id, activation_id, starts_at, blocked_before from (
  select l.address, l.service_id, l.activation_id, l.starts_at,
         lag(coalesce(l.blocked_until, 'infinity')) over (partition by l.address, l.service_id order by l.starts_at, l.activation_id) as blocked_before
  from supply_lease l where true /*lease l*/) apart
where blocked_before > starts_at
