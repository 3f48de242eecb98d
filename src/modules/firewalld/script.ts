import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';
import { thingOf } from './thing.ts';

/**
 * A script that shows what is set (`look`), or sets what comes on standard input in the same form: a line about the daemon, then
 * `permanent VALUE` and `runtime VALUE`. $2 to $4: what is asked, added, removed; $5 the zone; $6 seconds; then which of both.
 * The permanent settings of a firewall that does not run are those of firewall-offline-cmd(1).
 */
const SCRIPT = `
verb=$1 query=$2 add=$3 remove=$4 zone=$5 timeout=$6
shift 6
command -v firewall-cmd >/dev/null || { echo "there is no program firewall-cmd on the target" >&2; exit 127; }
state=running
firewall-cmd --state >/dev/null 2>&1 || state=offline
tool() {
  where=$1
  shift
  case $query in --get-zones) ;; *) [ -z "$zone" ] || set -- --zone="$zone" "$@" ;; esac
  if [ "$where" = runtime ]; then firewall-cmd "$@"
  elif [ $state = running ]; then firewall-cmd --permanent "$@"
  else firewall-offline-cmd "$@"; fi
}
now() {
  case $query in
    --get-target) tool "$1" --get-target ;;
    --get-zones) case " $(tool "$1" --get-zones) " in *" $zone "*) echo yes ;; *) echo no ;; esac ;;
    *)
      rc=0
      said=$(tool "$1" "$query" 2>&1) || rc=$?
      case $rc in
        0) echo yes ;;
        1) echo no ;;
        *) echo "$said" >&2; return $rc ;;
      esac
      ;;
  esac
}
if [ "$verb" = look ]; then
  if [ $state = running ]; then echo "running \${zone:-$(firewall-cmd --get-default-zone)}"
  else echo "offline \${zone:-$(firewall-offline-cmd --get-default-zone)}"; fi
  for where; do
    if [ "$where" = runtime ] && [ $state = offline ]; then continue; fi
    value=$(now "$where") || exit
    echo "$where $value"
  done
  exit
fi
read -r _
while read -r where value; do
  [ "$(now "$where")" != "$value" ] || continue
  if [ "$query" = --get-target ]; then tool "$where" --set-target="$value" >/dev/null || exit
  elif [ "$value" = no ]; then tool "$where" "$remove" >/dev/null || exit
  elif [ "$where" = runtime ] && [ "$timeout" != 0 ]; then tool runtime "$add" --timeout="$timeout" >/dev/null || exit
  else tool "$where" "$add" >/dev/null || exit; fi
done
`;

/** The words of the script that shows or sets. */
export function scriptWords(given: Params, verb: 'look' | 'set'): readonly string[] {
  const { query, add, remove } = thingOf(given);
  const timeout = verb === 'set' ? given.timeout : 0;
  return [
    '/bin/sh',
    '-c',
    SCRIPT,
    'sh',
    verb,
    query,
    add,
    remove,
    given.zone ?? '',
    String(timeout),
    ...(given.permanent ? ['permanent'] : []),
    ...(sets(given) ? ['runtime'] : []),
  ];
}

/** Whether the running firewall is meant. */
export function sets(given: Params): boolean {
  return given.immediate || !given.permanent;
}

/** What the task sets. */
export function firewallSetting(given: Params): Setting {
  const { query } = thingOf(given);
  return {
    key: `firewalld:${given.zone ?? 'default'} ${query.replace(/^--(?:query|get)-/, '')}`,
    look: scriptWords(given, 'look'),
    back: scriptWords({ ...given, timeout: 0 }, 'set'),
  };
}
