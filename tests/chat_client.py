"""The chat without a browser: a websocket that notes all that the server sends, and the actions' requests."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import socketio


class ChatClient:
    """One conversation, as the browser at `cookie` would have it; `before` is told before the conversation starts."""

    def __init__(self, url: str, cookie: str = "", before: object = None) -> None:
        self.url, self.session, self._before = url, str(uuid4()), before
        self._headers = {"Origin": url, "Accept-Language": "fr-FR", **({"Cookie": cookie} if cookie else {})}
        self._socket = socketio.AsyncClient(reconnection=False)
        self._heard: list[str] = []
        self._idle, self._more, self._message, self._run = asyncio.Event(), asyncio.Event(), "", ""
        self._socket.on("*", self._note)

    async def __aenter__(self) -> "ChatClient":
        auth = {"clientType": "webapp", "sessionId": self.session, "threadId": "", "userEnv": "{}", "chatProfile": ""}
        headers = dict(self._headers)  # the socket takes the cookies out of what it is given
        await self._socket.connect(
            self.url, headers=headers, transports=["websocket"], socketio_path="/chat/ws/socket.io", auth=auth
        )
        if self._before is not None:
            await self.send_window_message(self._before)
        await self._socket.emit("connection_successful")
        await asyncio.sleep(0.05)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.disconnect()

    async def ask(self, question: str) -> str:
        """All that the server sent until the answer was whole."""
        self._heard.clear()
        self._idle.clear()
        self._message, self._run = str(uuid4()), ""
        message = {"id": self._message, "threadId": "", "name": "user", "type": "user_message", "output": question}
        message |= {"createdAt": "2026-11-24T12:00:00Z", "metadata": {}}
        await self._socket.emit("client_message", {"message": message, "fileReferences": []})
        await asyncio.wait_for(self._idle.wait(), 30)
        return self.take()

    async def call(self, name: str, payload: dict[str, object]) -> str:
        """All that the server sent and answered for an action."""
        self._heard.clear()
        action = {"id": str(uuid4()), "name": name, "payload": payload, "label": "", "tooltip": "", "icon": None}
        async with httpx.AsyncClient(headers=self._headers, timeout=30) as client:
            answer = await client.post(
                f"{self.url}/chat/project/action", json={"sessionId": self.session, "action": action}
            )
        await asyncio.sleep(0.05)
        return f"{answer.text}\n{self.take()}"

    async def send_window_message(self, message: object) -> str:
        """All that the server sent for a message of the page."""
        self._heard.clear()
        await self._socket.emit("window_message", message)
        await asyncio.sleep(0.3)
        return self.take()

    async def hear(self, words: str) -> str:
        """What was heard since the last question or action, once these words are in it."""
        async with asyncio.timeout(30):
            while words not in self.take():
                self._more.clear()
                await self._more.wait()
        return self.take()

    def take(self) -> str:
        """What was heard since the last question or action."""
        return "\n".join(self._heard)

    async def _note(self, event: str, *content: Any) -> None:
        self._heard.append(f"{event} {json.dumps(content, ensure_ascii=False)}")
        self._more.set()
        step = content[0] if content and isinstance(content[0], dict) else {}
        if event == "new_message" and step.get("type") == "run" and step.get("parentId") == self._message:
            self._run = step["id"]
        elif event == "update_message" and step.get("id") == self._run and step.get("end"):
            self._idle.set()  # a task that ends may be that of the start, or of a question before
