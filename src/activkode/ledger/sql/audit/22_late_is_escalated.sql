-- No case or withdrawal is past its date and open without an escalation. What is late is looked for everywhere, always.
select d.subject, d.subject_id, d.due_at
from fn.deadlines() d
where fn.due_since(d.due_at) < fn.now() - interval '{{escalation_grace_seconds}} seconds'
  and not exists (select from support_escalation e where e.subject = d.subject and e.subject_id = d.subject_id
                  and e.stage = 'due' and e.due_at = d.due_at)
