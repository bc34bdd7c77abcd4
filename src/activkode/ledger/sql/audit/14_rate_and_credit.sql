-- Credited dollars are floor(amount x recorded rate); the rate was positive, and young when it was used.
select d.customer_id, d.id as deposit_id, d.asset, d.amount, d.rate, d.rate_at, d.credited_at, d.credited_micros
from funding_deposit d join funding_asset a on a.name = d.asset
where d.credited_micros is not null /*scope d*/
  and (d.rate is null or d.rate <= 0 or d.credited_at is null or d.rate_at is null
       or d.credited_micros <> fn.deposit_value(d.amount, d.rate, a.decimals)
       or d.rate_at > d.credited_at or d.rate_at < d.credited_at - interval '{{rate_age_seconds}} seconds'
       or d.rate_sources is null)
