"""The only way out: dials checked addresses, follows nothing, reads a bounded answer."""

import ssl
from functools import cache
from typing import Final

import httpx

from api.adapters.egress.addresses import EgressRefused, Resolve, checked_addresses, host_of
from api.adapters.egress.exchange import Exchange, WireFailure

MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
CONNECT_S: Final = 10.0
"""How long one address may take to answer the door, before the next one is tried."""


class WireFailed(Exception):
    """The exchange did not come off; the `Exchange` says how. Nothing may be sent again for it."""


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # 20 ms of CPU, and the same for all


def direct() -> httpx.AsyncBaseTransport:
    """Return a transport that keeps no connection for later."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=_certificates(), trust_env=False, limits=limits)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends for one call. Between the check and the dialling no name is looked up again.

    Host header, server name and certificate check stay those of the host that was asked for.
    Failures raise types of its own, so that no library tries again behind its back. An answer may
    have *max_bytes*. One that leads elsewhere is refused, or with *hands_redirects* handed over
    for the caller to judge: nothing is ever followed from here.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        allowed_hosts: frozenset[str],
        resolve: Resolve,
        *,
        max_bytes: int = MAX_ANSWER_BYTES,
        hands_redirects: bool = False,
    ) -> None:
        self.exchange = Exchange()
        self._max_bytes = max_bytes
        self._hands_redirects = hands_redirects
        self._inner = inner
        self._allowed_hosts = allowed_hosts
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* to a checked address and return the whole answer.

        Raises:
            EgressRefused: it may not go there, or the answer leads elsewhere.
            WireFailed: no answer, or too large a one.

        """
        self.reset()
        try:
            addresses = await checked_addresses(request.url, self._allowed_hosts, self._resolve)
            response = await self._dial(request, addresses)
            return await self._read(response, request)
        except EgressRefused:
            self.exchange.failure = self.exchange.failure or "not allowed"
            raise
        except httpx.TimeoutException:
            raise self._failed("too late") from None
        except (httpx.TransportError, OSError, UnicodeError):
            raise self._failed("unreachable") from None

    def reset(self) -> None:
        """Forget the last exchange."""
        self.exchange = Exchange()

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._inner.aclose()

    async def _dial(self, request: httpx.Request, addresses: tuple[str, ...]) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"  # a compressed answer has no bounds
        patience = {**request.extensions.get("timeout", {}), "connect": CONNECT_S}
        name = host_of(request.url)
        extensions = {**request.extensions, "sni_hostname": name, "timeout": patience}
        for address in addresses[:-1]:
            try:
                return await self._send(request, address, extensions)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # a host may have an address that is out of reach from here
        return await self._send(request, addresses[-1], extensions)

    async def _send(
        self, request: httpx.Request, address: str, extensions: dict[str, object]
    ) -> httpx.Response:
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=extensions,
            )
        )

    async def _read(self, response: httpx.Response, request: httpx.Request) -> httpx.Response:
        self.exchange.status = response.status_code
        self.exchange.retry_after = response.headers.get("retry-after")
        try:
            encoding = response.headers.get("content-encoding", "identity")
            if encoding != "identity" or (response.is_redirect and not self._hands_redirects):
                self.exchange.failure = "leads elsewhere"
                raise EgressRefused("the answer leads elsewhere or is compressed")
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > self._max_bytes:
                    raise self._failed("too large")
        finally:
            await response.aclose()
        self.exchange.body = bytes(body)
        return httpx.Response(
            response.status_code,
            headers=_without_framing(response.headers),
            content=self.exchange.body,
            request=request,
        )

    def _failed(self, failure: WireFailure) -> WireFailed:
        self.exchange.failure = failure
        return WireFailed(failure)


def _without_framing(headers: httpx.Headers) -> list[tuple[str, str]]:
    framing = {"content-length", "transfer-encoding", "set-cookie"}
    return [(name, value) for name, value in headers.items() if name not in framing]


class NoWayOut(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Refuses everything: stands where litellm keeps clients of its own."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse."""
        del request
        raise EgressRefused("requests go through the guard only")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse."""
        del request
        raise EgressRefused("requests go through the guard only")
