#!/usr/bin/env bash
# Tells Spark which GPUs a machine has: spark.executor.resource.gpu.discoveryScript, on standalone also
# spark.worker.resource.gpu.discoveryScript. Prints {"name": "gpu", "addresses": ["GPU-5c1e...", "GPU-93d0..."]}: not numbers,
# as CUDA may count the GPUs of a machine in another order than nvidia-smi.
set -euo pipefail

uuids=$(nvidia-smi --query-gpu=uuid --format=csv,noheader)
[[ -n $uuids ]] || { echo "Cannot find a GPU: nvidia-smi lists none" >&2; exit 1; }
addresses=$(printf '%s\n' "$uuids" | sed 's/.*/"&"/' | paste -sd, - | sed 's/,/, /g')
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
