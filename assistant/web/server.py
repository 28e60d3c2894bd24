"""The server: opens what answers are made from, then serves until it is stopped."""

from __future__ import annotations

import errno
import socket
import time
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

import uvicorn
from rich.console import Console

from assistant.assembly.knowledge import assemble, prepare_data_dir
from assistant.assembly.versions import open_store
from assistant.backup.swap import finish_swap
from assistant.chat.busy import count_answers
from assistant.edge.limits import LONGEST_PACKET
from assistant.learning.log import open_log
from assistant.members.mail import open_mailer
from assistant.observing.logs import configure_logs
from assistant.observing.metrics import Metrics
from assistant.observing.observer import Observer
from assistant.process.occupancy import serving
from assistant.process.stopping import Terminated, end_cleanly_when_asked
from assistant.reindexing.launcher import Launcher
from assistant.reindexing.progress import Watch
from assistant.reindexing.reindex import reindex
from assistant.reindexing.report import show_report
from assistant.reindexing.runs import ReindexRunning
from assistant.serving.served import Served, settle, warm_up
from assistant.settings import Settings
from assistant.staff.alarm_mail import AlarmMail
from assistant.store.database import open_settings_database
from assistant.store.retention import purging
from assistant.web.app import create_app
from assistant.web.graceful import GracefulServer
from assistant.web.health import watch_alarms
from assistant.web.patience import PatientProtocol
from ingest.refusal import Refusal, explain_os_error

if TYPE_CHECKING:
    from assistant.observing.traces import Traces

_GRACE = 30.0  # seconds that answers being written have to end when the server is stopped
_LOOK_EVERY = 2.0  # seconds


class PortTaken(Refusal):
    """Another program listens at this address, or it is not this machine's."""


def serve(settings: Settings, console: Console) -> None:
    """Serve the chat and the HTTP interface until asked to stop; index the source first when there is no index.

    Errors pass through.
    """
    end_cleanly_when_asked()
    configure_logs(settings.log_form)
    listener = _listen(settings.host, settings.port)
    try:
        prepare_data_dir(settings)
        finish_swap(settings.data_dir)
        with serving(settings.data_dir):
            _index_once(settings, console)
            _serve(settings, listener, console)
    except Terminated:
        console.print("Arrêté.")
    finally:
        listener.close()


def _index_once(settings: Settings, console: Console) -> None:
    """Index the source when there is no index; while another server does it, wait."""
    store = open_store(settings)
    while store.current() is None:
        try:
            with Watch(console) as watch:
                console.print(f"Pas encore d'index : lecture de {settings.source}")
                report = reindex(settings, watch)
            show_report(report, console)
        except ReindexRunning as error:
            console.print(str(error), markup=False)
            time.sleep(_LOOK_EVERY)


def _serve(settings: Settings, listener: socket.socket, console: Console) -> None:
    knowledge = assemble(settings, "public", whatever_opens=True)
    warm_up(knowledge)
    served = Served(knowledge, open_store(settings))
    launcher = Launcher(settings)
    observer = Observer(Metrics(), _open_traces(settings.otlp_endpoint))
    database = open_settings_database(settings)
    log = open_log(database, served.knowledge, keeps=settings.keep_questions)
    app = create_app(settings, served, launcher, database, observer, log)
    settle()
    address = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0') else settings.host}"  # noqa: S104
    port = listener.getsockname()[1]
    console.print(f"[bold]Prêt : {address}:{port}[/bold] (Ctrl+C pour arrêter)")
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws_max_size=LONGEST_PACKET,
        ws_per_message_deflate=False,  # a few bytes would stand for a longest packet
        log_config=None,
        access_log=False,
        proxy_headers=True,
        server_header=False,
    )
    working = (served.following(), launcher.running(), log.running(), purging(database, settings.retention_days))
    mailer = open_mailer(settings) if settings.alert_mail else None
    with ExitStack() as stack:
        stack.enter_context(closing(observer))
        if mailer:
            mail = AlarmMail(partial(watch_alarms, settings, served), mailer, settings.alert_mail, settings.public_url)
            stack.enter_context(mail.running(settings.data_dir / "alarms.json"))
        for each in working:
            stack.enter_context(each)
        GracefulServer(config, count_answers, _GRACE).run(sockets=[listener])


def _open_traces(collector: str) -> Traces | None:
    if not collector:
        return None
    from assistant.observing.traces import Traces  # noqa: PLC0415 - with OpenTelemetry, for those who collect alone

    return Traces(collector)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a taken port is known before anything is loaded; or raise PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
        cure = (
            "Arrêtez l'autre programme, ou choisissez un autre port avec --port ou ASSISTANT_PORT."
            if taken
            else "Choisissez une adresse de cette machine avec --host ou ASSISTANT_HOST, comme 127.0.0.1 ou 0.0.0.0."
        )
        raise PortTaken(f"Impossible d'écouter sur {host}:{port} : {explain_os_error(error)}. {cure}") from error
    return listener
