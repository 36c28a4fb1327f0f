#!/usr/bin/env bash
# On a machine with one GPU, in less than eight minutes: the tests that need it, and the tables of
# many networks at once and of letters, written into the folder that is named (build/cuda without).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
out=${1:-build/cuda}
mkdir -p "$out"
"$python" -c 'import sys, torch
if not torch.cuda.is_available():
    sys.exit("Expected a CUDA device that torch can use, got none. "
             "What to do: run relukit doctor, which says what is missing")'
timeout 150 "$python" -m pytest -q -rs -k "cuda or card" tests/training tests/datasets \
    tests/initialization | tee "$out/tests.txt"
timeout 180 "$python" benchmarks/population.py --cuda | tee "$out/population.md"
timeout 120 "$python" benchmarks/letters.py | tee "$out/letters.md"
