#!/usr/bin/env bash
# On a machine with one GPU, in less than eight minutes: the tests that need it, the tables of
# many networks at once and of letters, and page D7 as it runs there, written into the folder that
# is named (build/cuda without). What fails is told at the end, and does not keep the rest away.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
out=${1:-build/cuda}
mkdir -p "$out"
"$python" -c 'import sys, torch
if not torch.cuda.is_available():
    sys.exit("Expected a CUDA device that torch can use, got none. "
             "What to do: run relukit doctor, which says what is missing")
print(torch.cuda.get_device_name(), "torch", torch.__version__, "CUDA", torch.version.cuda)' \
    > "$out/card.txt" || exit 1
date -u +%F >> "$out/card.txt"
cat "$out/card.txt"
failed=()

part() { # part NAME SECONDS COMMAND...: what it prints goes into a file, too
    local name=$1 seconds=$2
    shift 2
    timeout "$seconds" "$@" 2>&1 | tee "$out/$name" || failed+=("$name")
}

part tests.txt 150 "$python" -m pytest -n 0 -q -rs -k "cuda or card" tests/training \
    tests/datasets tests/initialization
part population.md 150 "$python" benchmarks/population.py --cuda
part letters.md 90 "$python" benchmarks/letters.py
part D7.txt 70 "$python" -m jupyter nbconvert --to html --execute \
    --output-dir "$out" notebooks/deeper/D7_gpu.ipynb
if ((${#failed[@]})); then
    echo "Expected all parts to end well, got ${failed[*]} failed. What to do: read them in $out"
    exit 1
fi
