"""Archive: files and their manifest in one compressed tar, read back only if it is exactly what its manifest says."""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Literal, cast

import zstandard
from pydantic import Field, ValidationError

from ingest.refusal import Refusal
from ingest.sheet import Frozen

SUFFIXES = (".tar.zst", ".tar.gz")
_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 64_000_000  # bytes: about 400 thousand files
_AROUND = 64_000  # bytes that tar spends around a file, and reads ahead, at most
_LARGEST_WINDOW = 2**27  # bytes of memory that reading zstandard may take
_BLOCK = 1 << 20


class ArchiveWrong(Refusal):
    """An archive cannot be written, or is not one of ours, whole and unchanged; the message says why, in French."""


class SavedFile(Frozen):
    """A file of the archive."""

    name: str
    size: int = Field(ge=0)
    sha256: str


class ArchiveManifest(Frozen):
    """What an archive holds. `made` is ISO 8601, UTC; `index` the version of the index, None without one in files."""

    format: Literal[1] = 1
    made: str
    program: str
    database: Literal["sqlite", "postgresql"]
    index: str | None
    files: tuple[SavedFile, ...] = ()


def write_archive(target: Path, manifest: ArchiveManifest, files: Mapping[str, Path]) -> ArchiveManifest:
    """Write these files, which do not change meanwhile, by their names; the manifest completed. Errors pass through.

    The archive takes its place once it is whole and was read back. Nobody but its owner may read it.
    """
    saved = [SavedFile(name=name, size=path.stat().st_size, sha256=_hash(path)) for name, path in files.items()]
    manifest = manifest.model_copy(update={"files": tuple(saved)})
    aside = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        with _create(aside) as raw, _compress(raw, target) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
            content = manifest.model_dump_json(indent=1).encode()
            _add(tar, _MANIFEST, len(content), io.BytesIO(content))
            for each in saved:
                with files[each.name].open("rb") as file:
                    _add(tar, each.name, each.size, file)
        read_archive(aside, None)
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


def read_archive(archive: Path, folder: Path | None) -> ArchiveManifest:
    """Check an archive, and write its files into an empty folder if one is given; or raise ArchiveWrong.

    Nothing is written outside the folder, nor more than the manifest announces and the disk may hold. After an error
    the folder is to be removed.
    """
    try:
        with archive.open("rb") as raw, _decompress(raw, archive) as stream:
            bounded = _Bounded(stream, _LARGEST_MANIFEST)
            with tarfile.open(fileobj=cast("IO[bytes]", bounded), mode="r|") as tar:
                manifest = _read_manifest(tar, archive)
                total = sum(each.size for each in manifest.files)
                if folder and total > shutil.disk_usage(folder).free:
                    raise _wrong(archive, f"il faut {total // 1_000_000} Mo libres sur le disque")
                _read_files(tar, bounded, manifest, folder, archive)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise _wrong(archive, "elle est tronquée ou abîmée") from error
    return manifest


def _read_manifest(tar: tarfile.TarFile, archive: Path) -> ArchiveManifest:
    first = tar.next()
    file = tar.extractfile(first) if first and first.name == _MANIFEST and first.isreg() else None
    if file is None:
        raise _wrong(archive, "« assistant backup » ne l'a pas écrite")
    try:
        manifest = ArchiveManifest.model_validate_json(file.read())
    except ValidationError as error:
        raise _wrong(archive, "une autre version de l'assistant l'a écrite, ou son manifeste est abîmé") from error
    names = [each.name for each in manifest.files]
    if len(set(names)) != len(names) or not all(map(_is_safe, names)):
        raise _wrong(archive, "elle contient un nom de fichier qui n'est pas permis")
    return manifest


def _read_files(
    tar: tarfile.TarFile, bounded: "_Bounded", manifest: ArchiveManifest, folder: Path | None, archive: Path
) -> None:
    """Read what follows the manifest, each file once, in any order."""
    awaited = {each.name: each for each in manifest.files}
    bounded.left = _AROUND
    while member := tar.next():
        expected = awaited.pop(member.name, None)
        file = tar.extractfile(member) if member.isreg() else None
        if expected is None or file is None or member.size != expected.size:
            raise _wrong(archive, f"{member.name!r} n'est pas ce que dit son manifeste")
        bounded.left = expected.size + _AROUND
        digest = hashlib.sha256()
        with _create(folder / member.name) if folder else open(os.devnull, "wb") as target:
            while block := file.read(_BLOCK):
                digest.update(block)
                target.write(block)
        if digest.hexdigest() != expected.sha256:
            raise _wrong(archive, f"{member.name!r} a changé")
    if awaited:
        raise _wrong(archive, f"il manque {min(awaited)!r}")


def _is_safe(name: str) -> bool:
    """Whether a name stays in the folder it is written into."""
    path = PurePosixPath(name)
    return (
        bool(path.parts)
        and name == str(path)
        and not path.is_absolute()
        and ".." not in path.parts
        and not {"\0", "\\"} & set(name)
    )


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    """A file with nothing of this machine: no owner, no date."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


def _create(path: Path) -> IO[bytes]:
    """A new file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def _compress(raw: IO[bytes], target: Path) -> Iterator[IO[bytes]]:
    if target.name.endswith(".gz"):
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as stream:
            yield cast("IO[bytes]", stream)
    else:
        with zstandard.ZstdCompressor(level=10).stream_writer(raw, closefd=False) as stream:
            yield cast("IO[bytes]", stream)
    raw.flush()
    os.fsync(raw.fileno())


@contextmanager
def _decompress(raw: IO[bytes], archive: Path) -> Iterator[IO[bytes]]:
    """The content of a compressed file, whatever its name, or raise ArchiveWrong."""
    start = raw.read(4)
    raw.seek(0)
    if start[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=raw) as stream:
            yield cast("IO[bytes]", stream)
    elif start == b"\x28\xb5\x2f\xfd":
        with zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(raw) as stream:
            yield cast("IO[bytes]", stream)
    else:
        raise _wrong(archive, "ce n'est ni .tar.zst ni .tar.gz")


class _Bounded:
    """A stream that refuses to give more than it may: a small archive must not fill memory or disk."""

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self.left = stream, left

    def read(self, size: int) -> bytes:
        """The next bytes; raises tarfile.ReadError beyond the bound."""
        block = self._stream.read(size)
        self.left -= len(block)
        if self.left < 0:
            raise tarfile.ReadError("larger than announced")
        return block


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong(archive: Path, reason: str) -> ArchiveWrong:
    return ArchiveWrong(f"L'archive {str(archive)!r} ne peut pas servir : {reason}. Rien n'a été changé.")
