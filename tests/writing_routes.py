"""What each route that writes says to people who are signed in and whose request has no token: as JSON, by route."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
from answers import make_answer
from fastapi import FastAPI

from assistant.assembly.knowledge import assemble
from assistant.assembly.versions import open_store
from assistant.history.conversations import History
from assistant.learning.log import QuestionLog
from assistant.members.accounts import MemberAccounts
from assistant.observing.metrics import Metrics
from assistant.observing.observer import Observer
from assistant.reindexing.launcher import Launcher
from assistant.serving.served import Served
from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts
from assistant.store.database import open_settings_database
from assistant.web.app import create_app
from index.filters import Filters

PASSWORD = "quatre mots sans lien"
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def find_writing(routes: list) -> Iterator[tuple[str, str]]:  # type: ignore[type-arg]
    """The methods and addresses of the application's own routes that write; not those of the chat mounted in it."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from find_writing(inner.routes)
        elif methods := WRITING & (getattr(route, "methods", None) or set()):
            yield from ((method, route.path) for method in methods)


async def sign_in(client: httpx.AsyncClient, path: str, **form: str) -> None:
    page = (await client.get(path)).text
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found, page
    answer = await client.post(path, data={"csrf": found[1], "password": PASSWORD, **form})
    assert answer.status_code == 303, answer.text


async def ask_all(app: FastAPI, email: str, names: dict[str, str]) -> dict[str, int]:
    told = {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        await sign_in(client, "/connexion", email=email)
        await sign_in(client, "/admin/connexion", name="camille")
        assert (await client.get("/mon-compte")).status_code == (await client.get("/admin")).status_code == 200
        for method, path in sorted(find_writing(app.routes)):
            address = re.sub(r"{(\w+)(:path)?}", lambda found: names.get(found[1], "x"), path)
            body: dict[str, object] = {"data": {"csrf": "0" * 64, "ids": "x", "demande": "0" * 64}}
            if path.startswith("/api/"):
                body = {"json": {"token": "x", "origin": "https://x.fr"}} if "vouch" in path else {"json": {}}
            told[f"{method} {path}"] = (await client.request(method, address, **body)).status_code  # type: ignore[arg-type]
        assert (await client.get("/mon-compte")).status_code == (await client.get("/admin")).status_code == 200
        assert (await client.get(f"/mes-conversations/{names['conversation']}")).status_code == 200, "it was deleted"
    return told


def main() -> None:
    settings = Settings(data_dir=Path(sys.argv[1]))
    store, database = open_store(settings), open_settings_database(settings)
    served = Served(assemble(settings, "public"), store)
    log = QuestionLog(database, "", lambda _: None, keeps=False)  # type: ignore[arg-type,return-value]
    app = create_app(settings, served, Launcher(settings), database, Observer(Metrics()), log)
    StaffAccounts(settings.data_dir).add("camille", PASSWORD)
    member = MemberAccounts(database).add("camille@exemple.fr", "", PASSWORD)
    conversation = History(database).keep(member.id, "", 0, "Les jeunes ?", make_answer("1"), Filters())
    names = {"member_id": member.id, "conversation": conversation, "change": "suspendre"}
    names["version"] = store.current() or ""
    print(json.dumps(asyncio.run(ask_all(app, "camille@exemple.fr", names))))


if __name__ == "__main__":
    main()
