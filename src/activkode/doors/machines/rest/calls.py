"""The calls of REST v1 as data: the router is built from these rows, and so is the OpenAPI document. What the live part
answers ahead of the router stands here too, without a function.
"""

from activkode.core.errors import Code
from activkode.doors.machines import published_shapes, shapes, topup_shapes, webhook_shapes
from activkode.doors.machines.rest import activations, catalogue, money, published, topups, webhooks
from activkode.doors.machines.rest.call import Call, delete, get, patch, post

_STEP = (Code.UNKNOWN_ACTIVATION, Code.WRONG_STATE, Code.ALREADY_CLOSED)
_RENT = (
    Code.UNKNOWN_SERVICE,
    Code.NO_NUMBERS,
    Code.PRICE_ROSE,
    Code.SERVICE_BANNED,
    Code.INSUFFICIENT_BALANCE,
    Code.ACCOUNT_SUSPENDED,
)
_ACTIVATION = "/v1/activations/{id}"
_WEBHOOKS = "/v1/webhooks"
_WEBHOOK = f"{_WEBHOOKS}/{{id}}"
_DELIVERY = f"{_WEBHOOK}/deliveries/{{delivery}}"

CALLS: tuple[Call, ...] = (
    get(
        "/v1/services",
        "What can be rented",
        catalogue.services,
        shapes.Page[shapes.ServiceLine],
        shapes.ServicesQuery,
    ),
    get(
        "/v1/offers",
        "Prices and stock, cheapest first",
        catalogue.offers,
        shapes.Page[shapes.Offer],
        shapes.OffersQuery,
        (Code.UNKNOWN_SERVICE, Code.UNKNOWN_COUNTRY),
    ),
    get(
        "/v1/support-check",
        "Does this service take virtual numbers",
        catalogue.support_check,
        shapes.SupportCheck,
        shapes.SupportQuery,
        (Code.UNKNOWN_SERVICE,),
    ),
    post(
        "/v1/activations",
        "Rent",
        activations.rent,
        (shapes.Activation, shapes.Several),
        _RENT,
        shapes.Rent,
        status=201,
    ),
    get(
        "/v1/activations",
        "Your activations, newest first",
        activations.page,
        shapes.Page[shapes.Activation],
        shapes.ActivationsQuery,
    ),
    get(_ACTIVATION, "One activation", None, shapes.Activation, refusals=(Code.UNKNOWN_ACTIVATION,)),
    get(
        f"{_ACTIVATION}/wait",
        "One activation, as soon as it changes",
        None,
        shapes.Activation,
        shapes.WaitQuery,
        (Code.UNKNOWN_ACTIVATION,),
    ),
    get(
        f"{_ACTIVATION}/refund",
        "Would it be, was it, refunded",
        activations.refund,
        shapes.RefundAnswer,
        refusals=(Code.UNKNOWN_ACTIVATION,),
    ),
    post(
        f"{_ACTIVATION}/cancellation",
        "Cancel; the price is back in the same answer",
        activations.cancel,
        shapes.Activation,
        (*_STEP, Code.CODE_ARRIVED, Code.CANCEL_LOCKED),
    ),
    post(
        f"{_ACTIVATION}/completion",
        "Finish before the window ends",
        activations.complete,
        shapes.Activation,
        (*_STEP, Code.NO_CODE_YET),
    ),
    post(
        f"{_ACTIVATION}/reveal",
        "Show messages in which no code was found; this fulfils",
        activations.reveal,
        shapes.Activation,
        (*_STEP, Code.NOTHING_TO_REVEAL),
    ),
    get("/v1/events", "Stream of your events (SSE)", None, shapes.Event),
    get("/v1/balance", "Your accounts", money.balance, shapes.Balance),
    get(
        "/v1/statement",
        "Opening + movements = closing",
        money.statement,
        shapes.Statement,
        shapes.StatementQuery,
    ),
    post(
        "/v1/deposit-addresses",
        "Your address to pay an asset in; the same one for ever",
        topups.give_address,
        topup_shapes.DepositAddress,
        (Code.DEPOSITS_UNAVAILABLE,),
        topup_shapes.AddressWanted,
        status=201,
    ),
    get(
        "/v1/topups",
        "Your top-ups, newest first",
        topups.page,
        shapes.Page[topup_shapes.Topup],
        topup_shapes.TopupsQuery,
    ),
    get("/v1/topups/{id}", "One top-up", topups.one, topup_shapes.Topup, refusals=(Code.NOT_FOUND,)),
    post(
        _WEBHOOKS,
        "Be told what happens; the secret that signs is shown this once",
        webhooks.create,
        webhook_shapes.WebhookMade,
        (Code.LIMIT_REACHED,),
        webhook_shapes.WebhookWanted,
        status=201,
    ),
    get(
        _WEBHOOKS,
        "Your webhooks, newest first",
        webhooks.page,
        shapes.Page[webhook_shapes.Webhook],
        webhook_shapes.WebhooksQuery,
    ),
    get(_WEBHOOK, "One webhook", webhooks.one, webhook_shapes.Webhook, refusals=(Code.NOT_FOUND,)),
    patch(
        _WEBHOOK,
        "Change, pause or resume a webhook",
        webhooks.change,
        webhook_shapes.Webhook,
        webhook_shapes.WebhookChange,
    ),
    delete(_WEBHOOK, "Remove a webhook", webhooks.remove, webhook_shapes.WebhookRemoved),
    post(
        f"{_WEBHOOK}/test",
        "Send a test event, active or not",
        webhooks.test,
        webhook_shapes.Delivery,
        (Code.NOT_FOUND,),
        status=202,
    ),
    get(
        f"{_WEBHOOK}/deliveries",
        "What it was sent in the last 30 days, newest first",
        webhooks.sent,
        shapes.Page[webhook_shapes.Delivery],
        webhook_shapes.DeliveriesQuery,
        (Code.NOT_FOUND,),
    ),
    get(
        _DELIVERY,
        "One delivery, with its body",
        webhooks.sent_one,
        webhook_shapes.Delivery,
        refusals=(Code.NOT_FOUND,),
    ),
    post(
        f"{_DELIVERY}/redelivery",
        "Send it again, once",
        webhooks.redeliver,
        webhook_shapes.Delivery,
        (Code.NOT_FOUND,),
        status=202,
    ),
    get("/v1/policy", "The policy in force, as data", published.current, published_shapes.Policy),
    get(
        "/v1/policy/{version}",
        "A version of the policy",
        published.of_version,
        published_shapes.Policy,
        refusals=(Code.NOT_FOUND,),
    ),
    get("/v1/status", "Promises as measured", published.status, published_shapes.Status, is_open=True),
    get("/v1/openapi.json", "This document", published.openapi, None, is_open=True),
)
