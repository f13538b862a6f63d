#!/usr/bin/env bash
# Init script of a cluster's machines (Databricks cluster init script, Dataproc initialization action): puts Tessera's jar
# and, for compiling kernels, the jar with NVRTC where Spark finds them, and a GPU discovery script. Copy both jars and
# gpu-discovery.sh into one folder that every machine sees, and let TESSERA_HOME name it. The driver of the GPU comes with
# the image (Databricks: a GPU runtime) or with an init action of the provider's own (Dataproc).
set -euo pipefail

source=${TESSERA_HOME:?Cannot install Tessera: TESSERA_HOME is not set; name the folder of its jars}
if [[ -d /databricks ]]; then
    jars=/databricks/jars
    mkdir -p "$jars"
else
    jars=${SPARK_HOME:-/usr/lib/spark}/jars
fi
[[ -d $jars ]] || { echo "Cannot install Tessera: there is no $jars; set SPARK_HOME" >&2; exit 1; }

found=0
for jar in "$source"/tessera-spark_*-bundle.jar "$source"/cuda-redist-12.*-linux-x86_64.jar; do
    [[ -e $jar ]] || continue
    cp "$jar" "$jars/"
    found=$((found + 1))
done
[[ $found -gt 0 ]] || { echo "Cannot install Tessera: there is no tessera-spark_*-bundle.jar in $source" >&2; exit 1; }
install -D -m 755 "$source/gpu-discovery.sh" /opt/tessera/gpu-discovery.sh

# Where there is no GPU, as on a driver's machine, plans run on the CPU, and the report says why.
nvidia-smi -L || echo "Tessera: nvidia-smi finds no GPU on $(hostname)" >&2
