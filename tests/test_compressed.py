"""What is served compressed is compressed once, whoever wrote it again."""

import os
from pathlib import Path

from assistant.web.compressed import compress_files


def test_a_file_that_each_server_writes_again_is_compressed_once(tmp_path: Path) -> None:
    file, kept = tmp_path / "chat.js", tmp_path / "kept"
    for at in range(3):
        file.write_text("let words = 1;\n" * 200)
        os.utime(file, (at, at))
        compress_files([file], kept)
    assert len(list(kept.iterdir())) == 2, "one for browsers that read brotli, one for the others"
    file.write_text("let words = 2;\n" * 200)
    compress_files([file], kept)
    assert len(list(kept.iterdir())) == 4
