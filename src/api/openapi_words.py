"""What the OpenAPI document says of the API as a whole, and the order in which it shows its parts."""

ABOUT = """\
One API for the front and the back office of many businesses. Each person has one account, and is a user in each tenant
that they belong to; a token speaks for one user.

**To begin:** `POST /auth/register`, `POST /auth/verify-email` with the mailed code, then press *Authorize* and paste
the `accessToken`. On a machine of your own the mail is at [/sandbox/mail](/sandbox/mail).

- **Credentials**: `Authorization: Bearer` with an access token or an API key (`fd_live_…`).
- **Lists** answer `{"items": […], "nextCursor": …}`. Give `nextCursor` as `cursor`, with the same filters, for the next
  page. `includeTotal=true` counts. A parameter that is not known is refused.
- **PATCH** leaves what is absent as it is; `null` clears.
- **Versions**: an answer's `ETag`, sent as `If-Match`, makes a change `version_conflict` if somebody was faster.
- **Links** of an answer to a creation name each operation on what was made, and with what of the answer to call it.
- **Sending again**: a POST with an `Idempotency-Key` takes effect once, and gets its first answer again.
- **Errors** are problem details (RFC 9457). Decide by `code`; `errors` names each bad field by its JSON path. The
  `requestId` names the request in the logs.
- **Limits**: `X-RateLimit-Remaining` says what is left. A 429 has `Retry-After`, in seconds.
"""

TAGS = [
    {"name": "Identity", "description": "Accounts: registration, login, passwords, second factors."},
    {"name": "Sessions", "description": "Tokens, devices, and the way from one tenant to another."},
    {"name": "Users", "description": "Who one is to others: profile, status, directory, search."},
    {"name": "User administration", "description": "For admins: roles, suspension, erasure."},
    {"name": "Invitations", "description": "By e-mail, with a role."},
    {"name": "API keys", "description": "Credentials for programs."},
    {"name": "Tenants", "description": "The business: its record, its data, its end."},
    {"name": "Features", "description": "Switches, for all users or for some percent of them."},
    {"name": "Integrations", "description": "Connections to vendors. Secrets are written, and never shown."},
    {"name": "Audit", "description": "Who did what, and the proof that nothing was altered."},
    {"name": "Customers", "description": "Whom the business serves, and all that concerned them."},
    {"name": "Services", "description": "What the business offers, and the resources that it takes."},
    {"name": "Schedules", "description": "When people work, and how the business lets itself be booked."},
    {"name": "Appointments", "description": "Visits: what is offered, what is booked, and what becomes of it."},
    {"name": "Online booking", "description": "What customers do themselves."},
    {"name": "Price list", "description": "What the business sells again and again, each at its price."},
    {"name": "Quotes", "description": "What is offered to customers, and what they say to it."},
    {"name": "Invoices", "description": "What customers are asked to pay, and what is given up of it."},
    {
        "name": "Payments",
        "description": "Money that customers pay, that goes back, and the ledger of all of it. Stripe tells of it at"
        " `POST /payments/webhook` or its alias `POST /webhooks/stripe`: the platform's account there, a business's own"
        " at either with `/{tenantId}` behind it (`webhookUrl` of its integration). The body is an event as Stripe"
        " sends it, proven by `Stripe-Signature`; 200 says that it is stored, anything else that it is to be sent"
        " again.",
    },
    {"name": "Jobs", "description": "Work that takes longer than an answer, and the files it makes."},
    {"name": "Real time", "description": "What happens, as it happens."},
    {"name": "Operations", "description": "How the service itself does."},
]
