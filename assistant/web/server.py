"""The server: opens what answers are made from, then serves until it is stopped."""

import errno
import socket

import uvicorn
from rich.console import Console

from assistant.assemble import assemble
from assistant.computing import compute
from assistant.learning.log import open_log
from assistant.observing.logs import configure_logs
from assistant.observing.metrics import Metrics
from assistant.observing.observer import Observer
from assistant.observing.traces import Traces
from assistant.reindexing.launcher import Launcher
from assistant.reindexing.progress import Watch
from assistant.reindexing.reindex import reindex
from assistant.reindexing.report import show_report
from assistant.scope.outside import prepare_outside
from assistant.served import Served, warm_up
from assistant.settings import Settings
from assistant.store.database import open_settings_database
from assistant.store.retention import purging
from assistant.web.app import create_app
from index.versions import current_version
from ingest.refusal import Refusal, explain_os_error


class PortTaken(Refusal):
    """Another program listens at this address, or it is not this machine's."""


def serve(settings: Settings, console: Console) -> None:
    """Serve the chat and the HTTP interface; index the source first when there is no index. Errors pass through."""
    configure_logs(settings.log_form)
    listener = _listen(settings.host, settings.port)
    try:
        if current_version(settings.index_dir) is None:
            console.print(f"Pas encore d'index : lecture de {settings.source}")
            with Watch(console) as watch:
                report = reindex(settings, watch)
            show_report(report, console)
        knowledge = assemble(settings, "public")
        compute(prepare_outside, knowledge.encoder)
        warm_up(knowledge)
        served = Served(knowledge, settings.index_dir)
        launcher = Launcher(settings)
        collector = settings.otlp_endpoint
        observer = Observer(Metrics(), Traces(collector) if collector else None)
        database = open_settings_database(settings)
        log = open_log(database, served, keeps=settings.keep_questions)
        app = create_app(settings, served, launcher, database, observer, log)
        address = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0') else settings.host}"  # noqa: S104
        port = listener.getsockname()[1]
        console.print(f"[bold]Prêt : {address}:{port}[/bold] (Ctrl+C pour arrêter)")
        config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=True, server_header=False)
        with served.following(), launcher.running(), log.running(), purging(database, settings.retention_days):
            uvicorn.Server(config).run(sockets=[listener])
        observer.close()
    finally:
        listener.close()


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
