"""Addresses of the operator console. Each view names the action that it needs."""

from django.urls import path

from activkode.doors.people.console.views import (
    activations,
    catalogue,
    customers,
    funds,
    imports,
    numbers,
    system,
    topups,
)

urlpatterns = [
    path("", system.home, name="console"),
    path("customers/", customers.index, name="console_customers"),
    path("customers/<number:customer_id>/", customers.show, name="console_customer"),
    path("customers/<number:customer_id>/ledger/", customers.ledger, name="console_ledger"),
    path("customers/<number:customer_id>/suspension/", customers.suspend, name="console_suspend"),
    path("customers/<number:customer_id>/suspension/end/", customers.lift, name="console_lift"),
    path("customers/<number:customer_id>/credit/", customers.credit, name="console_credit"),
    path("customers/<number:customer_id>/<act:activation_id>/", activations.show, name="console_activation"),
    path(
        "customers/<number:customer_id>/<act:activation_id>/codes/", activations.codes, name="console_codes"
    ),
    path("activations/", activations.index, name="console_activations"),
    path("topups/", topups.index, name="console_topups"),
    path("topups/cases/", topups.cases, name="console_cases"),
    path("topups/<dep:deposit_id>/", topups.show, name="console_topup"),
    path("topups/<dep:deposit_id>/decision/", topups.decide, name="console_topup_decide"),
    path("chains/", funds.chains, name="console_chains"),
    path("solvency/", funds.solvency, name="console_solvency"),
    path("numbers/", numbers.index, name="console_numbers"),
    path("numbers/<number:number_id>/retirement/", numbers.retire, name="console_retire"),
    path("imports/", imports.index, name="console_imports"),
    path("imports/new/", imports.create, name="console_import_create"),
    path("imports/<number:import_id>/", imports.show, name="console_import"),
    path("imports/<number:import_id>/live/", imports.live, name="console_import_live"),
    path("services/", catalogue.index, name="console_services"),
    path("services/new/", catalogue.create, name="console_service_create"),
    path("services/<slug:service>/", catalogue.edit, name="console_service"),
    path("services/<slug:service>/offers/", catalogue.save_offer, name="console_offer"),
    path("findings/", system.findings, name="console_findings"),
    path("findings/run/", system.run_audit, name="console_audit_run"),
    path("audit-log/", system.audit_log, name="console_audit_log"),
    path("outbox/", system.outbox, name="console_outbox"),
]
