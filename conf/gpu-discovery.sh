#!/usr/bin/env bash
# Tells Spark which GPUs a machine has: spark.executor.resource.gpu.discoveryScript, on standalone also
# spark.worker.resource.gpu.discoveryScript. Prints {"name": "gpu", "addresses": ["0", "1"]}.
set -euo pipefail

indices=$(nvidia-smi --query-gpu=index --format=csv,noheader)
[[ -n $indices ]] || { echo "Cannot find a GPU: nvidia-smi lists none" >&2; exit 1; }
addresses=$(printf '%s\n' "$indices" | sed 's/.*/"&"/' | paste -sd, - | sed 's/,/, /g')
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
