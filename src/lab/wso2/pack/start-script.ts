import type { MiVersion } from '../versions.ts';

/** Only 4.1.0 logs asynchronously, and only its script says so. */
const asyncLogging = `    -Dlog4j2.contextSelector=org.apache.logging.log4j.core.async.AsyncLoggerContextSelector \\
    -Dorg.ops4j.pax.logging.logReaderEnabled=false \\
    -Dorg.ops4j.pax.logging.eventAdminEnabled=false \\
`;

/**
 * Gives `bin/micro-integrator.sh`: the words, flags and habits of the real one, written anew.
 * Its unpleasant sides are meant: `stop` does not wait, every word exits 0, and the pid file is believed.
 */
export function startScript(version: MiVersion): string {
  return `#!/bin/sh
# micro-integrator.sh - starts and stops WSO2 Micro Integrator ${version}
#
# This is a fixture of cutover's practice lab, not WSO2's script.
#
# Words (with none, one or two dashes): start stop restart version debug PORT; without a word: in the foreground.
# Environment: JAVA_HOME (required), JVM_MEM_OPTS, JAVA_OPTS, CARBON_HOME.

# A link to this script is followed; a link to its folder stays in the path.
PRG="$0"
while [ -h "$PRG" ]; do
  target=$(readlink "$PRG")
  case "$target" in
    /*) PRG="$target" ;;
    *) PRG=$(dirname "$PRG")/"$target" ;;
  esac
done
[ -z "$CARBON_HOME" ] && CARBON_HOME=$(cd "$(dirname "$PRG")/.." && pwd)
export CARBON_HOME

if [ -z "$JAVA_HOME" ]; then
  echo "You must set the JAVA_HOME variable before running Micro Integrator."
  exit 1
fi
JAVACMD="$JAVA_HOME/bin/java"
if [ ! -x "$JAVACMD" ]; then
  echo "Error: JAVA_HOME is not defined correctly."
  exit 1
fi

PID=""
if [ -e "$CARBON_HOME/wso2carbon.pid" ]; then
  PID=$(cat "$CARBON_HOME/wso2carbon.pid")
fi

CMD=""
args=""
while [ $# -gt 0 ]; do
  case "$1" in
    --start | -start | start) CMD=start ;;
    --stop | -stop | stop) CMD=stop ;;
    --restart | -restart | restart) CMD=restart ;;
    --version | -version | version) CMD=version ;;
    --debug | -debug | debug)
      CMD=debug
      PORT="$2"
      [ $# -gt 1 ] && shift
      ;;
    *) args="$args $1" ;;
  esac
  shift
done

in_background() {
  # shellcheck disable=SC2086
  nohup sh "$CARBON_HOME/bin/micro-integrator.sh" $args >/dev/null 2>&1 &
}

case "$CMD" in
  start)
    if [ -n "$PID" ] && ps -p "$PID" >/dev/null 2>&1; then
      echo "Process is already running"
      exit 0
    fi
    in_background
    exit 0
    ;;
  stop)
    kill -TERM "$PID"
    exit 0
    ;;
  restart)
    kill -TERM "$PID"
    while ps -p "$PID" >/dev/null 2>&1; do
      sleep 1
    done
    in_background
    exit 0
    ;;
  version)
    cat "$CARBON_HOME/bin/version.txt"
    cat "$CARBON_HOME/bin/wso2carbon-version.txt"
    exit 0
    ;;
  debug)
    if [ -z "$PORT" ]; then
      echo "Specify the debug port after the debug word"
      exit 1
    fi
    JAVA_OPTS="$JAVA_OPTS -agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=$PORT"
    ;;
esac

case $("$JAVACMD" -version 2>&1) in
  *'"1.7'* | *'"1.8'* | *'"9'* | *'"10'* | *'"11'*) ;;
  *)
    echo " Starting WSO2 MI (in unsupported JDK)"
    echo " [ERROR] MI is supported only on JDK 1.8, 9, 10 and 11"
    ;;
esac

[ -z "$JVM_MEM_OPTS" ] && JVM_MEM_OPTS="-Xms256m -Xmx1024m"

cd "$CARBON_HOME" || exit 1
# The server asks for another round by leaving with 121.
START_EXIT_STATUS=121
status=$START_EXIT_STATUS
while [ "$status" = "$START_EXIT_STATUS" ]; do
  # shellcheck disable=SC2086
  "$JAVACMD" \\
    $JVM_MEM_OPTS \\
    $JAVA_OPTS \\
    -XX:+HeapDumpOnOutOfMemoryError \\
    -XX:HeapDumpPath="$CARBON_HOME/repository/logs/heap-dump.hprof" \\
    -Dcarbon.registry.root=/ \\
    -Dcarbon.home="$CARBON_HOME" \\
    -Dlogger.server.name="micro-integrator" \\
    -Dcarbon.config.dir.path="$CARBON_HOME/conf" \\
    -Djava.io.tmpdir="$CARBON_HOME/tmp" \\
    -DNonRegistryMode=true \\
    -DNonUserCoreMode=true \\
    -DavoidConfigHashRead=true \\
    -DenableReadinessProbe=true \\
    -DenableManagementApi=true \\
${version === '4.1.0' ? asyncLogging : ''}    -Dfile.encoding=UTF8 \\
    org.wso2.micro.integrator.bootstrap.Bootstrap $args
  status=$?
done
`;
}
