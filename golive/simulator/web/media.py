"""What links in answers lead to: logos and invoices. Asked for without a key, as a browser does."""

from starlette.responses import Response

from golive.simulator.atlas.virtual import OPERATORS
from golive.simulator.faults import NotFound
from golive.simulator.web.call import Call

_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="10" fill="{fill}"/>'
    '<path d="M27 6 13 27h9l-2 15 15-22h-9z" fill="#fff"/></svg>'
)
_FILLS = ("#0b7285", "#2b8a3e", "#5f3dc4", "#c92a2a", "#364fc7", "#e8590c", "#087f5b", "#862e9c")


async def logo(call: Call) -> Response:
    for operator, fill in zip(OPERATORS, _FILLS, strict=True):
        if operator.slug == call.path_value("slug"):
            return Response(_LOGO.format(fill=fill), media_type="image/svg+xml")
    raise NotFound


async def invoice(call: Call) -> Response:
    text = call.dev.invoices.document(call.path_value("session_id"), call.context)
    return Response(text, media_type="text/plain; charset=utf-8")
