"""Saving: writes the default model as an ordinary sentence-transformers folder, with an adapter in its weights.

Run as a program: `python -m index.encoding.saving FOLDER [ADAPTER]`.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.utils.logging import disable_progress_bar

from index.encoding.adapter import merge_adapter
from index.encoding.bundled import REFUSED, ModelFile, find_model_file, read_model_file
from ingest.refusal import Refusal, explain_os_error


def save_bundled_model(finished: Path, adapter: Path | None) -> None:
    """Write the default model; raise ModelFileWrong or AdapterWrong."""
    source = read_model_file(find_model_file())
    with tempfile.TemporaryDirectory(dir=finished.parent) as transformer:
        _save(source, adapter, Path(transformer), finished)


def _save(source: ModelFile, adapter: Path | None, transformer: Path, finished: Path) -> None:
    """Save the weights and tokenizer as a Transformers folder, then add pooling and the E5 prefixes."""
    disable_progress_bar()  # it would draw in the middle of our own
    config = BertConfig(
        vocab_size=source.vocabulary,
        hidden_size=source.hidden,
        num_hidden_layers=source.layers,
        num_attention_heads=source.heads,
        intermediate_size=source.feed_forward,
        max_position_embeddings=source.positions,
        type_vocab_size=source.token_types,
        layer_norm_eps=source.epsilon,
        pad_token_id=1,
    )
    with torch.device("meta"):  # no random weights: all of them are read from the file
        model = BertModel(config)
    weights = _name_as_bert(source, model.state_dict())
    if adapter:
        merge_adapter(weights, adapter)
    model.load_state_dict(weights, assign=True)
    model.save_pretrained(transformer)
    PreTrainedTokenizerFast(
        tokenizer_object=_build_tokenizer(source),
        model_max_length=source.positions,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        sep_token="</s>",
        pad_token="<pad>",
        cls_token="<s>",
        mask_token="<mask>",
    ).save_pretrained(transformer)
    modules = [
        Transformer(str(transformer), max_seq_length=source.positions),
        Pooling(source.hidden, "mean"),
        Normalize(),
    ]
    prompts = {"query": "query: ", "document": "passage: "}
    SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save(str(finished), create_model_card=False)


_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def _name_as_bert(source: ModelFile, expected: dict[str, Any]) -> dict[str, Any]:
    """The weights in float16, under the names and in the shapes that Transformers' BertModel expects.

    The pooler, which E5 does not use, is absent from the file: it stays zero, so that loading is silent.
    """
    named = {name: torch.zeros(tensor.shape, dtype=torch.float16) for name, tensor in expected.items()}
    for name, values in source.weights.items():
        target = _EMBEDDING_NAMES.get(name) or _layer_name(name)
        named[target] = torch.from_numpy(values.astype(np.float16)).reshape(expected[target].shape)
    return named


def _layer_name(name: str) -> str:
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def _build_tokenizer(source: ModelFile) -> Tokenizer:
    """XLM-RoBERTa's SentencePiece unigram model, rebuilt from its pieces and scores."""
    tokenizer = Tokenizer(models.Unigram(source.pieces, unk_id=source.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def main(folder: str, adapter: str = "") -> int:
    """Write the model, or tell on the last line which error was met, and its message."""
    try:
        save_bundled_model(Path(folder), Path(adapter) if adapter else None)
    except (Refusal, OSError) as error:
        message = explain_os_error(error) if isinstance(error, OSError) else str(error)
        sys.stdout.write(json.dumps([type(error).__name__, message]) + "\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
