"""Reindexing: reads the sources, builds a version, judges it, puts it in service, reports what was done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.assembly.knowledge import open_settings_encoder, prepare_data_dir
from assistant.assembly.versions import open_writing_store
from assistant.bringing.shelf import Brought, Shelf
from assistant.learning.keys import KeyBook
from assistant.llm.model import ModelUnavailable, open_chat
from assistant.llm.prompt import read_prompt
from assistant.process.clock import Clock
from assistant.proposals.proposals import ProposalBook
from assistant.proposals.propose import QuestionWriter, propose_questions
from assistant.reindexing.gate import collect_golden, judge_parts, judge_recall, judge_sheets
from assistant.reindexing.progress import Watch
from assistant.reindexing.runs import (
    Documents,
    KeptSheets,
    Report,
    RunJournal,
    RunNote,
    SheetCounts,
    SourceRead,
    Status,
    Trigger,
)
from assistant.settings import Settings
from index.build import PassageCounts, build_index, count_new, fingerprint, join_facets, split_reading
from index.compare import SheetChange, compare_sheets
from index.manifest import IndexCorrupt, IndexMissing, IndexStale
from index.measuring.golden import GoldenQuestion, GoldenResult, ask_golden, digest_golden
from index.opened import Index
from index.storage.version_store import VersionStore
from ingest.questions import note_surplus
from ingest.reading import Reading
from ingest.refusal import Refusal
from ingest.sheet import Document, Remark
from ingest.source import read_sources
from ingest.source_list import Source, read_source_list

_MOST_KEPT = 2_000  # sheets of a dry run
_PROPOSING = 3  # times the patience for a piece of an answer, for all the questions of a sheet


class ReindexRefused(Refusal):
    """The new version is too unlike the one in service; nothing changed. Carries the report."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            "Réindexation refusée, rien n'a changé : " + " ".join(report.refusals) + " "
            "Si c'est bien ce que vous voulez : --force."
        )
        self.report = report


@dataclass
class _Job:
    """A reindexing at work: what it was asked, where it tells, and the version in service, if one can be read."""

    settings: Settings
    store: VersionStore
    watch: Watch
    note: RunNote
    clock: Clock
    force: bool
    asked: tuple[str, ...]  # the addresses given, none when those of the settings are read
    shelf: Shelf
    tables: tuple[Brought, ...]  # brought by the browser, and read now
    current: Index | None = None
    documents: list[Document] = field(default_factory=list)

    def open_current(self) -> None:
        try:
            manifest = self.store.verify()
            self.current = self.store.open(manifest.model, "members", manifest.version)
            self.documents = self.store.read_documents(manifest.version)
        except (IndexMissing, IndexCorrupt, IndexStale):
            self.current = None


def reindex(
    settings: Settings,
    watch: Watch,
    addresses: Sequence[str] = (),
    *,
    trigger: Trigger = "command",
    run_id: str = "",
    plan: str = "",
    dry_run: bool = False,
    force: bool = False,
) -> Report:
    """Read, embed what is new, judge, put in service; with `dry_run` only say what would change.

    With a `plan`, the tables brought by the browser are those that it names; they are in service once the version is.
    Until the last step the version in service is untouched, whatever happens. Raises ReindexRunning,
    ReindexRefused (not with `force`), BroughtWrong, and the errors of the parts.
    """
    prepare_data_dir(settings)
    store = open_writing_store(settings)
    with RunJournal(settings.data_dir).open_run(trigger, run_id, dry_run=dry_run, plan=plan) as note, store.alone():
        watch.follow(note)
        shelf = Shelf(settings.data_dir)
        tables = shelf.read_plan(plan) if plan else shelf.list_in_service()
        store.clean(settings.versions_kept)
        asked = tuple(whole_address(address) for address in addresses)
        asked = () if asked == (whole_address(settings.source),) else asked
        job = _Job(settings, store, watch, note, Clock(), force, asked, shelf, tables)
        return _run(job, settings_sources(settings, asked, tables), dry_run=dry_run)


def whole_address(address: str) -> str:
    """An address that means the same from any folder."""
    path = Path(address).expanduser()
    return str(path.resolve()) if path.exists() else address


def settings_sources(
    settings: Settings, addresses: Sequence[str] = (), tables: Sequence[Brought] | None = None
) -> list[Source]:
    """The sources at these addresses; otherwise those of the settings, and the tables brought by the browser: these
    ones, or those in service. A TOML file is a list of sources.
    """
    shelf = Shelf(settings.data_dir)
    brought = () if addresses else shelf.list_in_service() if tables is None else tables
    sources = [shelf.source_of(table) for table in brought]
    if any(table.instead for table in brought):
        return sources
    return _list_addressed(settings, addresses) + sources


def _list_addressed(settings: Settings, addresses: Sequence[str]) -> list[Source]:
    sources: list[Source] = []
    for address in addresses or (settings.source,):
        path = Path(address).expanduser()
        if path.suffix == ".toml" and path.is_file():
            sources += read_source_list(path)
        else:
            one = Source(
                address=address,
                layout=settings.layout,
                private=settings.private_sources,
                pdf_dir=str(settings.pdf_dir or ""),
                pdf_passwords=settings.pdf_passwords,
            )
            sources.append(one)
    return sources


def _run(job: _Job, sources: Sequence[Source], *, dry_run: bool) -> Report:
    job.watch.step("Lecture de la version en service")
    job.open_current()
    reading = _read(job, sources)
    golden = collect_golden([job.settings.golden] if job.settings.golden else reading.golden)
    job.clock.mark("read")
    report = _make_report(job, reading, dry_run=dry_run)
    if dry_run:
        job.note.keep_sheets(_keep_changed(reading, report.changes))
        return _finish(job, "tried", report)
    if report.refusals and not job.force:
        raise _refuse(job, report)
    remarks = _propose(job, reading)
    report = report.model_copy(update={"notices": (*report.notices, *remarks)})
    if (
        job.current
        and not job.force
        and job.current.manifest.fingerprint == fingerprint(reading, job.settings.model_name)
    ):
        result = _ask_again(job, golden)
        _note_tables(job, job.current.manifest.version)
        return _finish(job, "unchanged", report, version=job.current.manifest.version, promoted=True, golden=result)
    return _build(job, reading, golden, report)


def _ask_again(job: _Job, golden: list[GoldenQuestion]) -> GoldenResult:
    """What the version in service does with golden questions that are not those it was asked."""
    assert job.current is not None
    manifest = job.current.manifest
    if digest_golden(golden) == manifest.golden:
        return GoldenResult(recall=manifest.recall, asked=len(golden))
    job.watch.step("Questions témoins")
    result = ask_golden(golden, job.current, open_settings_encoder(job.settings))
    job.store.note_recall(manifest.version, result.recall, digest_golden(golden))
    return result


def _read(job: _Job, sources: Sequence[Source]) -> Reading:
    known = {document.digest: document for document in job.documents if document.digest}
    return read_sources(
        sources, job.settings.sources_dir, known, lambda address: job.watch.step(f"Lecture de {address}")
    )


def _propose(job: _Job, reading: Reading) -> list[Remark]:
    """Add to the reading what a language model proposes, or proposed before; what failed."""
    settings, book = job.settings, ProposalBook(job.settings.data_dir)
    remarks = _add_keys(reading, settings)
    if settings.propose_questions:
        try:
            writer = _open_writer(settings)
            job.watch.step("Questions proposées par le modèle de langue")
            remarks += propose_questions(reading.practices, book, writer, reading.questions, job.watch.propose)
        except ModelUnavailable as error:
            remarks.append(Remark(file="ASSISTANT_PROPOSE_QUESTIONS", row=None, column="", reason=str(error)))
        job.clock.mark("propose")
    reading.questions += book.questions(reading.practices, reading.questions)
    return remarks


def _add_keys(reading: Reading, settings: Settings) -> list[Remark]:
    """Add to the reading the questions that staff linked to a sheet in /admin; what could not be used of them."""
    keys = KeyBook(settings.data_dir).read_for({sheet.id: sheet for sheet in reading.practices})
    told = set(note_surplus(reading.questions))
    reading.questions += keys.questions
    return [*keys.notices, *(each for each in note_surplus(reading.questions) if each not in told)]


def _open_writer(settings: Settings) -> QuestionWriter:
    """The language model of the settings as a writer of questions, or raise ModelUnavailable."""
    prompt, key = read_prompt(settings.prompts_dir, "propose_questions"), settings.llm_api_key.get_secret_value()
    chat = open_chat(settings.llm, settings.llm_base_url, key, settings.llm_timeout)
    if chat is None:
        raise ModelUnavailable("il faut aussi nommer un modèle de langue dans ASSISTANT_LLM.")
    return QuestionWriter(chat, prompt, settings.llm, _PROPOSING * settings.llm_timeout)


def _build(job: _Job, reading: Reading, golden: list[GoldenQuestion], report: Report) -> Report:
    """Write a version, ask it the golden questions, put it in service."""
    settings = job.settings
    job.watch.step(f"Ouverture du modèle {settings.embedding_model}")
    encoder = open_settings_encoder(settings)
    job.clock.mark("model")
    source = ", ".join(reading.revisions)
    built = job.store.build(
        lambda folder: build_index(reading, source, encoder, folder, job.watch.embed, job.current, job.asked)
    )
    job.clock.mark("index")
    if golden:
        job.watch.step("Questions témoins")
    new = job.store.open(settings.model_name, "members", built.version)
    result, lost = judge_recall(golden, new, job.current, encoder)
    job.clock.mark("check")
    report = report.model_copy(update={"passages": built.passages, "golden": result})
    if lost and not job.force:
        job.store.remove(built.version)
        raise _refuse(job, report.model_copy(update={"refusals": tuple(lost)}))
    job.store.note_recall(built.version, result.recall, digest_golden(golden))
    job.store.promote(built.version)
    _note_tables(job, built.version)
    job.store.clean(settings.versions_kept)
    job.shelf.forget_versions({manifest.version for manifest in job.store.manifests()})
    return _finish(job, "done", report, version=built.version, promoted=True, refusals=())


def _note_tables(job: _Job, version: str) -> None:
    """Keep which tables a version was made of. Other addresses, given for once, change nothing of what is read."""
    job.shelf.put_in_service(job.shelf.list_in_service() if job.asked else job.tables, version)


def _keep_changed(reading: Reading, changes: Sequence[SheetChange]) -> KeptSheets:
    """The sheets that would be added or changed, the first ones of very many."""
    changed = {change.sheet for change in changes if change.kind != "removed"}
    sheets = [sheet for sheet in reading.practices if sheet.id in changed]
    return KeptSheets(sheets=tuple(sheets[:_MOST_KEPT]), facets=join_facets(reading.layouts_for("members")))


def _finish(job: _Job, status: Status, report: Report, **changes: object) -> Report:
    """The report, complete and noted."""
    whole = report.model_copy(update={**changes, "seconds": job.clock.seconds()})
    job.note.finish(status, whole)
    return whole


def _refuse(job: _Job, report: Report) -> ReindexRefused:
    return ReindexRefused(_finish(job, "refused", report))


def _list_lost(before: Sequence[Document], reading: Reading) -> list[Remark]:
    """The documents that sheets had and have no more."""
    had, has = {document.sheet: document.file for document in before}, {each.sheet for each in reading.documents}
    lost = [sheet.id for sheet in reading.practices if sheet.id in had and sheet.id not in has]
    return [Remark(file=had[sheet], row=None, column="", reason=f"la fiche {sheet} perd ce document") for sheet in lost]


def _count_sheets(reading: Reading, changes: Sequence[SheetChange]) -> SheetCounts:
    kinds = [change.kind for change in changes if change.practice]
    added, changed, total = kinds.count("added"), kinds.count("changed"), len(reading.practices)
    unchanged = total - added - changed
    return SheetCounts(total=total, added=added, changed=changed, removed=kinds.count("removed"), unchanged=unchanged)


def _make_report(job: _Job, reading: Reading, *, dry_run: bool) -> Report:
    """The report as far as reading goes: no version yet, passages counted as they would be."""
    current = job.current
    changes = compare_sheets(current.sheets if current else (), reading.sheets, job.documents, reading.documents)
    counts = _count_sheets(reading, changes)
    refusals = judge_sheets(
        counts,
        len(reading.rejected),
        len(current.practices) if current else 0,
        current.manifest.rejected if current else 0,
    ) + judge_parts(current.practices if current else (), reading.practices)
    passages = split_reading(reading)
    public, members = len(passages["public"]), len(passages["members"])
    same_model = current is not None and current.manifest.model == job.settings.model_name
    new = count_new(reading, current if same_model else None)
    documents = reading.document_counts
    return Report(
        version="",
        promoted=False,
        dry_run=dry_run,
        sheets=counts,
        pages=len(reading.pages),
        passages=PassageCounts(
            total=public + members, embedded=new, reused=public + members - new, public=public, members=members
        ),
        rejected=tuple(reading.rejected),
        notices=(*_list_lost(job.documents, reading), *reading.notices),
        documents=Documents(
            read=documents.read, locked=documents.locked, unreadable=documents.unreadable, missing=documents.missing
        ),
        sources=tuple(SourceRead(address=address, revision=mark) for address, mark in reading.revisions.items()),
        layouts=tuple(layout.name for layout in reading.layouts_for("members")),
        files=tuple(reading.files),
        set_aside=tuple(reading.set_aside),
        absent=tuple(reading.absent),
        changes=tuple(changes),
        refusals=tuple(refusals),
        seconds={},
    )
