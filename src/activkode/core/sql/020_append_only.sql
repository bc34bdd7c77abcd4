-- Rows of the books, of originals and of the audit log are written once. The application has no right to change
-- them; this trigger also stops the owner.
create function fn.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

do $$
declare t text;
begin
  foreach t in array array['ledger_transfer', 'ledger_grant', 'intake_original', 'core_audit_log', 'core_event',
                            'support_message', 'support_decision', 'support_attachment', 'support_escalation', 'mailbox_mail'] loop
    execute format('drop trigger if exists append_only on %I', t);
    execute format('create trigger append_only before update or delete on %I
                    for each row execute function fn.refuse_change()', t);
    execute format('drop trigger if exists append_only_truncate on %I', t);
    execute format('create trigger append_only_truncate before truncate on %I
                    for each statement execute function fn.refuse_change()', t);
  end loop;
end $$;
