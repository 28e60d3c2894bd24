"""Saving: writes the default model as an ordinary sentence-transformers folder, with an adapter in its weights.

Run as a program: `python -m index.encoding.saving FOLDER [ADAPTER]`. The folder is written file by file, as the library
would: PyTorch, which it needs, would be installed for this alone (docs/adr/0049).
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.encoding.adapter import merge_adapter
from index.encoding.bundled import REFUSED, ModelFile, find_model_file, read_model_file
from ingest.refusal import Refusal, explain_os_error

_SPECIAL = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "sep": "</s>", "pad": "<pad>", "cls": "<s>", "mask": "<mask>"}
_MODULES = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))


def save_bundled_model(finished: Path, adapter: Path | None) -> None:
    """Write the default model; raise ModelFileWrong or AdapterWrong."""
    source = read_model_file(find_model_file())
    weights = _name_as_bert(source)
    if adapter:
        merge_adapter(weights, adapter)
    for folder, _ in _MODULES:
        (finished / folder).mkdir(parents=True)
    save_file(weights, finished / "model.safetensors", {"format": "pt"})
    _build_tokenizer(source).save(str(finished / "tokenizer.json"))
    for name, content in _describe(source).items():
        (finished / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _describe(source: ModelFile) -> dict[str, object]:
    """What the library reads of a model beside its weights and its tokenizer, by the name of the file."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float16",
            "vocab_size": source.vocabulary,
            "hidden_size": source.hidden,
            "num_hidden_layers": source.layers,
            "num_attention_heads": source.heads,
            "intermediate_size": source.feed_forward,
            "hidden_act": "gelu",
            "max_position_embeddings": source.positions,
            "type_vocab_size": source.token_types,
            "layer_norm_eps": source.epsilon,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": source.positions,
            **{f"{name}_token": token for name, token in _SPECIAL.items()},
        },
        "modules.json": [
            {"idx": row, "name": str(row), "path": folder, "type": f"sentence_transformers.models.{kind}"}
            for row, (folder, kind) in enumerate(_MODULES)
        ],
        "sentence_bert_config.json": {"max_seq_length": source.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": source.hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


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


def _name_as_bert(source: ModelFile) -> dict[str, np.ndarray]:
    """The weights in float16, under the names and in the shapes that Transformers' BertModel expects.

    The pooler, which E5 does not use, is absent from the file: it is written as zero, so that loading is silent.
    """
    hidden, wide = source.hidden, source.feed_forward
    named = {
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float16),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float16),
    }
    for name, values in source.weights.items():
        target = _EMBEDDING_NAMES.get(name) or _layer_name(name)
        is_matrix = target.endswith("weight") and "LayerNorm" not in target
        columns = wide if target.endswith("output.dense.weight") and "attention" not in target else hidden
        named[target] = values.reshape((-1, columns) if is_matrix else -1)
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
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False, special=True) for token in dict.fromkeys(_SPECIAL.values())]
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
