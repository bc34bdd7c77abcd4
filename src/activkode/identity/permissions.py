"""Who may do what, as data: role x action. Pages show and doors allow only what stands here."""

from enum import StrEnum

from activkode.identity.models import Role


class Action(StrEnum):
    """What can be allowed in the operator console."""

    SEE_CUSTOMERS = "see customers"
    SEE_CODES = "see codes"
    SUSPEND = "suspend"
    GRANT_CREDIT = "grant credit"
    EDIT_CATALOGUE = "edit services and prices"
    IMPORT_NUMBERS = "import numbers"
    SEE_AUDIT = "see audit findings"
    SEE_TOPUPS = "see top-ups and chains"
    DECIDE_TOPUPS = "decide about top-ups"
    SEE_WITHDRAWALS = "see withdrawals"
    APPROVE_WITHDRAWALS = "approve and decline withdrawals"
    EXPORT_PAYOUTS = "hand out payouts and take signed ones"
    SEE_CASES = "see cases"
    ANSWER_CASES = "write to customers in cases"
    DECIDE_CASES = "decide cases"


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.CUSTOMER: frozenset(),
    Role.SUPPORT: frozenset(
        {
            Action.SEE_CUSTOMERS,
            Action.SEE_TOPUPS,
            Action.SEE_WITHDRAWALS,
            Action.SEE_CASES,
            Action.ANSWER_CASES,
        }
    ),
    Role.OPERATOR: frozenset(Action),
}


def may(role: str, action: Action) -> bool:
    """Whether a role holds an action."""
    return action in ALLOWED[Role(role)]
