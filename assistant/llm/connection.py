"""Connection to a language model's server: what it sends is bounded, in bytes and in time, whatever it is."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import httpx2

MOST_BYTES = 4_000_000  # of one response: an answer of 600 tokens takes 300 000, a piece at a time


class ResponseEndless(Exception):
    """A model's server sends more than an answer takes, or for longer."""


def make_clients(seconds: float) -> dict[str, Any]:
    """The clients that a model of OpenAI's kind takes, whose responses end after so many bytes or seconds."""
    import openai  # noqa: PLC0415 - takes a second, for those alone who configure a language model

    def bound(response: httpx2.Response) -> None:
        _refuse_compressed(response)
        response.stream = _BoundedStream(response.stream, seconds)

    async def bound_async(response: httpx2.Response) -> None:
        bound(response)

    plain = {"accept-encoding": "identity"}  # a few compressed bytes could become any number
    return {
        "http_client": openai.DefaultHttpxClient(headers=plain, event_hooks={"response": [bound]}),
        "http_async_client": openai.DefaultAsyncHttpxClient(headers=plain, event_hooks={"response": [bound_async]}),
    }


def _refuse_compressed(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise ResponseEndless("compressed although asked not to be")


class _BoundedStream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of a response, which ends in ResponseEndless beyond its bounds."""

    def __init__(self, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream, seconds: float) -> None:
        self._stream, self._left, self._end = stream, MOST_BYTES, time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        for block in cast("httpx2.SyncByteStream", self._stream):
            yield self._count(block)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for block in cast("httpx2.AsyncByteStream", self._stream):
            yield self._count(block)

    def close(self) -> None:
        """Close the connection."""
        cast("httpx2.SyncByteStream", self._stream).close()

    async def aclose(self) -> None:
        """Close the connection."""
        await cast("httpx2.AsyncByteStream", self._stream).aclose()

    def _count(self, block: bytes) -> bytes:
        self._left -= len(block)
        if self._left < 0 or time.monotonic() > self._end:
            raise ResponseEndless("more than an answer takes")
        return block
