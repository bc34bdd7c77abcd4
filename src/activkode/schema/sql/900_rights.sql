-- What the application may do: read everything, write plain tables, and move money, states, leases, originals and the
-- audit log only by calling functions. Inner functions are not callable from outside.
do $$
begin
  if not exists (select from pg_roles where rolname = 'activkode_app') then
    create role activkode_app nologin;
  end if;
  if current_user <> 'activkode_app' and not pg_has_role(current_user, 'activkode_app', 'member') then
    execute format('grant activkode_app to %I', current_user);
  end if;
exception
  when insufficient_privilege then
    raise warning 'role activkode_app is missing and may not be made: set DATABASE_ROLE empty; triggers still guard the books';
end $$;

do $$
declare t text; f text;
begin
  if not exists (select from pg_roles where rolname = 'activkode_app') then return; end if;
  grant usage on schema public, fn to activkode_app;
  revoke all on all tables in schema public from activkode_app;
  grant select, insert, update, delete on all tables in schema public to activkode_app;
  grant usage, select on all sequences in schema public to activkode_app;
  foreach t in array array[
    'ledger_wallet', 'ledger_transfer', 'ledger_movement', 'ledger_grant', 'ledger_closing', 'activations_activation',
    'activations_message', 'activations_rule', 'activations_delay', 'intake_original', 'intake_fate', 'supply_lease', 'supply_free', 'supply_rest',
    'core_event', 'core_idempotency', 'core_audit_log', 'core_heartbeat', 'core_outage', 'core_policy', 'core_sqlstamp', 'core_holiday',
    'funding_asset', 'funding_rule', 'funding_chain', 'funding_block', 'funding_keychain', 'funding_address', 'funding_deposit',
    'funding_rate', 'funding_holding', 'funding_outgoing', 'withdrawals_rule', 'withdrawals_withdrawal', 'withdrawals_approval',
    'withdrawals_payout', 'withdrawals_transaction', 'withdrawals_spend', 'withdrawals_wallet', 'support_rule', 'support_case',
    'support_message', 'support_question', 'support_decision', 'support_attachment', 'support_escalation', 'mailbox_mail', 'mailbox_fate', 'mailbox_fetched',
    'django_migrations'] loop
    execute format('revoke insert, update, delete, truncate on %I from activkode_app', t);
  end loop;
  revoke execute on all functions in schema fn from public;
  foreach f in array array[
    'now', 'stamp', 'audit_line', 'audit_log', 'key_begin', 'key_end', 'keys_forget', 'grant_credit', 'wallet_freeze',
    'close_days', 'stock_fill', 'quarantine_end', 'number_retire', 'activation_told', 'activation_json', 'activation_document',
    'activation_messages', 'rent', 'activation_apply',
    'activation_apply_once', 'request_number', 'activation_number', 'expire_due', 'quality_refresh', 'figures_refresh', 'original_store', 'parts_join',
    'leases_at', 'services_of_sender', 'message_fate', 'message_deliver', 'originals_pending', 'beat', 'due_since',
    'wallet_open', 'address_index', 'address_give', 'chain_begin', 'chain_seen', 'block_add', 'block_drop', 'deposits_sighted',
    'deposits_replace', 'deposits_vanish', 'deposits_open', 'deposit_settle', 'deposit_decide', 'deposit_value', 'rate_now', 'rate_keep',
    'deep_enough', 'blocks_forget', 'outgoing_keep', 'holdings_due', 'holding_keep', 'rescan_next', 'rescan_missing',
    'rescan_keep', 'is_business_day', 'business_due', 'business_days_between', 'business_resume', 'withdrawal_request',
    'withdrawal_confirm', 'withdrawal_quote', 'withdrawal_consent', 'withdrawal_cancel', 'withdrawal_approve', 'withdrawal_reject',
    'withdrawal_waive', 'withdrawals_lapse', 'withdrawal_waits_until', 'withdrawal_frozen', 'approvals_wanted', 'payout_live', 'payout_plan',
    'payout_hand', 'payout_replace', 'payout_sign', 'payout_send', 'payout_answered', 'payout_unsigned', 'payout_seen', 'payout_again',
    'withdrawal_give_back', 'wallet_adopt', 'payout_amount', 'payout_obstacle', 'holidays_publish',
    'day_ends', 'case_about', 'case_open', 'case_apply', 'case_link', 'case_decide', 'case_attach', 'deadlines', 'cases_missing',
    'cases_unanswered', 'escalate', 'support_figures_refresh', 'mail_store', 'mails_pending', 'mail_take', 'mail_counted', 'mail_settle',
    'mail_may_tell', 'mail_fetched'] loop
    execute (select string_agg(format('grant execute on function %s to activkode_app', p.oid::regprocedure), '; ')
             from pg_proc p where p.pronamespace = 'fn'::regnamespace and p.proname = f);
  end loop;
end $$;
