"""Files: none of what is said in a chat is written, and Chainlit removes nothing outside its own folder.

Chainlit writes each element beside showing it, and removes the folder of a conversation when it ends. What our elements
show goes to the page with them: nobody reads those files.
"""

from pathlib import Path
from typing import Any
from uuid import uuid4

from chainlit.config import FILES_DIRECTORY
from chainlit.session import BaseSession

from assistant.chat.sent import is_identifier


class OutsideFolder(ValueError):
    """The files of a conversation would stand outside the chat's folder."""


def keep_no_files() -> None:
    """From now on, conversations write no file and name no other folder than their own. To be called once."""
    for name, ours in {"persist_file": _write_nothing, "files_dir": property(_folder_of)}.items():
        setattr(BaseSession, name, ours)


def _folder_of(session: BaseSession) -> Path:
    """Where the files of a conversation would be, to be removed with it; or raise OutsideFolder."""
    folder = Path(FILES_DIRECTORY)
    if not is_identifier(session.id) or (folder / session.id).resolve() != folder.resolve() / session.id:
        raise OutsideFolder
    return folder / str(session.id)


async def _write_nothing(_session: BaseSession, *_: Any, **__: Any) -> dict[str, str]:  # noqa: ANN401 - Chainlit's own
    """A reference, as Chainlit wants one, to a file that is not there."""
    return {"id": str(uuid4())}
