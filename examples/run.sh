#!/usr/bin/env bash
# Builds what is missing and submits an example with spark-submit. See --help.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
target=$root/examples/target

fail() {
    printf '%s\n' "$1" >&2
    exit "${2:-1}"
}

usage() {
    cat <<EOF
Usage: examples/run.sh [--master URL] [--conf KEY=VALUE]... NAME [ARGUMENTS]
       examples/run.sh            lists the examples
       examples/run.sh --help     this text

Builds what is missing, then submits the example NAME with spark-submit: the one of the Spark under SPARK_HOME if that
is set, else one made of Maven's jars. NAME --help shows the example's own arguments.

  --master URL            Spark master; default \$TESSERA_MASTER, else local[*]
  --conf KEY=VALUE        a setting of Spark, such as spark.tessera.device=gpu; any number of them
Environment:
  SPARK_HOME              a Spark 4 (Scala 2.13) to submit with
  TESSERA_MASTER          Spark master
  TESSERA_DRIVER_MEMORY   heap of the driver, default 2g
  TESSERA_EXAMPLES_OUTPUT folder that examples write to, default examples/target/output
  JAVA_HOME               the JDK (17 or later) to build and run with
EOF
}

list_examples() {
    local name summary
    echo "Examples (examples/run.sh NAME):"
    while IFS='|' read -r name _ summary; do
        printf '  %-24s%s\n' "$(trim "$name")" "$(trim "$summary")"
    done < "$root/examples/examples.txt"
}

trim() {
    local text=$1
    text=${text#"${text%%[![:space:]]*}"}
    printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# Prints the class of an example, nothing if there is none of that name.
class_of() {
    local name class
    while IFS='|' read -r name class _; do
        if [[ $(trim "$name") == "$1" ]]; then
            trim "$class"
            return
        fi
    done < "$root/examples/examples.txt"
}

# Sets java, and JAVA_HOME for Maven and Spark where the user gave none.
find_java() {
    if [[ -n ${JAVA_HOME:-} ]]; then
        java=$JAVA_HOME/bin/java
        [[ -x $java ]] || fail "Cannot run Java: JAVA_HOME is $JAVA_HOME, which has no bin/java. Point it at a JDK 17 or unset it."
    else
        java=$(command -v java) || fail "Cannot run Java: there is no java on the PATH. Install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless)."
    fi
    local version
    version=$(java_property java.specification.version)
    [[ ${version%%.*} =~ ^[0-9]+$ && ${version%%.*} -ge 17 ]] \
        || fail "Cannot run the examples with Java ${version:-of unknown version} ($java): Java 17 or later is needed. Set JAVA_HOME to a JDK 17."
}

java_property() {
    "$java" -XshowSettings:properties -version 2>&1 | sed -n "s/^ *${1//./\\.} = //p"
}

# Whether any source is newer than the last build that this script made, or its jars are gone.
needs_build() {
    [[ -e $target/run/built ]] || return 0
    [[ -n $(bundle_jar) && -n $(examples_jar) ]] || return 0
    [[ -n $(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src -path '*/src/test' -prune -o -newer "$target/run/built" -print | head -n 1) ]]
}

bundle_jar() {
    find "$root/spark-ext/target" -maxdepth 1 -name 'tessera-spark_2.13-*-bundle.jar' 2>/dev/null | head -n 1
}

examples_jar() {
    find "$target" -maxdepth 1 -name 'tessera-examples-*.jar' ! -name '*-sources.jar' ! -name '*-tests.jar' 2>/dev/null | head -n 1
}

make_folder() {
    mkdir -p "$1" 2>/dev/null || true
    [[ -w $1 ]] || fail "Cannot write to $1: $(id -un) may not. Clone Tessera into a folder of your own."
}

build() {
    local mvn
    mvn=$(command -v mvn) || fail "Cannot build Tessera: there is no mvn on the PATH. Install Maven 3.8 or later (Debian: apt-get install maven)."
    [[ -x $(java_property java.home)/bin/javac ]] \
        || fail "Cannot build Tessera: $java belongs to a Java without javac. Install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless), and let JAVA_HOME name it if it is set."
    if [[ -e $target/run/built ]]; then
        echo "Building Tessera." >&2
    else
        echo "Building Tessera. The first time this takes some minutes: Maven downloads Spark and its own plugins." >&2
    fi
    make_folder "$target/run"
    # Dated before the build: what is edited while it runs is newer.
    : > "$target/run/building"
    # Even without colours Maven resets them at its end.
    "$mvn" -f "$root/pom.xml" -B -q -ntp -Dstyle.color=never -DskipTests package 2>&1 | sed $'s/\033\\[[0-9;]*m//g' >&2 \
        || fail "Cannot build Tessera: Maven failed, its messages are above."
    mv "$target/run/building" "$target/run/built"
    echo "Built." >&2
}

# Lays Spark's jars out as a Spark home: that is all that Spark's launcher and its workers ask for.
lay_out_spark() {
    local version
    version=$(java_property java.specification.version)
    # What Hadoop asks of the security manager is gone there.
    [[ ${version%%.*} -lt 24 ]] \
        || fail "Cannot run the Spark 4.0 of Maven's jars with Java $version ($java): it starts with Java 17 to 23. Set JAVA_HOME to a JDK 17, or SPARK_HOME to a Spark that runs with Java $version."
    local home=$target/run/spark list=$target/spark.classpath jar
    if [[ ! -e $home/complete || $list -nt $home/complete || -n $(find -L "$home/jars" -type l 2>/dev/null | head -n 1) ]]; then
        rm -rf "$home" 2>/dev/null || true
        make_folder "$home/jars"
        while IFS= read -r -d ';' jar || [[ -n $jar ]]; do
            [[ -r $jar ]] || fail "Cannot use Spark from Maven's jars: $jar is not there, or $(id -un) may not read it. Build again: mvn -DskipTests package."
            ln -s "$jar" "$home/jars/" 2>/dev/null || cp "$jar" "$home/jars/"
        done < "$list"
        : > "$home/complete"
    fi
    export SPARK_HOME=$home SPARK_SCALA_VERSION=2.13 SPARK_CONF_DIR=${SPARK_CONF_DIR:-$root/conf}
}

# What bin/spark-class of a Spark distribution does: Spark's launcher prints the command, after a line of its own, with
# NUL after each word.
submit_with_mavens_spark() {
    local words=() word
    while IFS= read -r -d '' word; do
        words+=("$word")
    done < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@" \
        && printf 'complete\0')
    local last=$((${#words[@]} - 1))
    [[ $last -ge 2 && ${words[$last]} == complete && -z ${words[0]} ]] \
        || fail "Cannot submit: Spark's launcher failed, its messages are above."
    unset "words[$last]"
    # The line of its own: NUL and a newline before the first word.
    words=("${words[@]:1}")
    exec "${words[0]#$'\n'}" "${words[@]:1}"
}

check_spark_home() {
    [[ -x $SPARK_HOME/bin/spark-submit ]] \
        || fail "Cannot submit: SPARK_HOME is $SPARK_HOME, which has no bin/spark-submit. Unset it to use Spark from Maven's jars."
    if ! ls "$SPARK_HOME"/jars/scala-library-2.13.*.jar > /dev/null 2>&1; then
        fail "Cannot submit: the Spark under SPARK_HOME ($SPARK_HOME) is not built for Scala 2.13. Use Spark 4, or unset SPARK_HOME."
    fi
}

main() {
    local master=${TESSERA_MASTER:-local[*]} name class settings=()
    while [[ ${1:-} == -* ]]; do
        case $1 in
            -h | --help) usage && exit ;;
            --master) [[ -n ${2:-} ]] || fail "Cannot use --master: it needs a URL, for example local[2]." 2; master=$2 && shift 2 ;;
            --master=*) master=${1#--master=} && shift ;;
            --conf) [[ ${2:-} == *=* ]] || fail "Cannot use --conf: it needs KEY=VALUE." 2; settings+=(--conf "$2") && shift 2 ;;
            --conf=*=*) settings+=(--conf "${1#--conf=}") && shift ;;
            *) fail "Cannot understand option $1: see examples/run.sh --help." 2 ;;
        esac
    done
    if [[ $# -eq 0 ]]; then
        list_examples
        exit
    fi
    name=$1 && shift
    class=$(class_of "$name")
    [[ -n $class ]] || { list_examples >&2; fail "Cannot run $name: there is no example of that name." 2; }

    find_java
    if needs_build; then
        build
    fi
    local own_spark=${SPARK_HOME:-}
    if [[ -n $own_spark ]]; then
        check_spark_home
    else
        lay_out_spark
    fi
    # A laptop's host name often resolves to an address that it does not have just now.
    [[ $master != local* ]] || export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
    export TESSERA_EXAMPLES_OUTPUT=${TESSERA_EXAMPLES_OUTPUT:-$target/output}
    set -- --master "$master" \
        --driver-memory "${TESSERA_DRIVER_MEMORY:-2g}" \
        --conf spark.sql.extensions=dev.tessera.TesseraExtensions \
        ${settings[@]+"${settings[@]}"} \
        --jars "$(bundle_jar)" --class "$class" "$(examples_jar)" "$@"
    if [[ -n $own_spark ]]; then
        exec "$SPARK_HOME/bin/spark-submit" "$@"
    fi
    submit_with_mavens_spark "$@"
}

main "$@"
