"""docs/ledger.md: the chart of accounts, from the data that money moves by."""

from activkode.core.tables import table
from activkode.ledger import movements


def page() -> str:
    """Accounts and movements with their meanings."""
    return "\n".join(
        [
            "# Ledger",
            "",
            "Every amount is an integer of micro-dollars that goes from one account to another.",
            "",
            "## Accounts of a customer",
            "",
            ", ".join(f"`{name}`" for name in movements.CUSTOMER_ACCOUNTS)
            + ". In a movement, `purse` is the cash or the promo account, whichever the transfer names.",
            "",
            "## Accounts of the house",
            "",
            table(
                ("account", "meaning"),
                [(f"`{name}`", text) for name, text in movements.HOUSE_ACCOUNTS.items()],
            ),
            "## Movements",
            "",
            table(
                ("movement", "from", "to", "meaning"),
                [(f"`{m.name}`", m.from_account, m.to_account, m.meaning) for m in movements.MOVEMENTS],
            ),
        ]
    )
