import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';

/** What a task is about: whether a rule is there, the policy, a chain with its rules, or a whole table. */
type Kind = 'rule' | 'policy' | 'chain' | 'table';

/** Gives the setting of a kind; `rule`: the words of the rule. */
export function firewallSetting(given: Params, kind: Kind, rule: readonly string[] = []): Setting {
  const { table, chain = '' } = given;
  const run = (verb: string) => [
    '/bin/sh',
    '-c',
    SCRIPT,
    'sh',
    verb,
    kind,
    program(given),
    table,
    chain,
    ...rule,
  ];
  return { key: `${program(given)}:${table}/${chain}`, look: run('look'), back: run('back') };
}

/** The program for the version of IP. */
export function program(given: Params): string {
  return given.ip_version === 'ipv6' ? 'ip6tables' : 'iptables';
}

// Prints the state, or puts back the one on standard input, without looking at counters. A chain or table is put back whole and
// at once by iptables-restore. Exit codes of iptables: 1 not there, 2 what it does not understand (such as a chain that a dry
// run only pretends to have made), others: it cannot look.
const SCRIPT = `
LC_ALL=C
export LC_ALL
verb=$1 kind=$2 tables=$3 table=$4 chain=$5
shift 5
command -v "$tables" >/dev/null || { echo "there is no program $tables on the target" >&2; exit 127; }
rules() { "$tables-save" -t "$table" | sed -e '/^#/d' -e 's/\\[[0-9]*:[0-9]*\\]/[0:0]/'; }
case $verb$kind in
  lookrule)
    said=$("$tables" -t "$table" -C "$chain" "$@" 2>&1)
    case $? in
      0) echo present ;;
      1 | 2) echo absent ;;
      *) echo "$said" >&2; exit 1 ;;
    esac
    ;;
  backrule) "$tables" -t "$table" -D "$chain" "$@" ;;
  lookpolicy) "$tables" -t "$table" -S "$chain" | sed -n "s/^-P $chain //p" ;;
  backpolicy) read -r policy && "$tables" -t "$table" -P "$chain" "$policy" ;;
  lookchain) rules | grep -e "^:$chain " -e "^-A $chain " || : ;;
  backchain)
    { read -r policy && rest=$(cat); } || { "$tables" -t "$table" -X "$chain"; exit; }
    printf '*%s\\n%s\\n-F %s\\n%s\\nCOMMIT\\n' "$table" "$policy" "$chain" "$rest" | "$tables-restore" --noflush
    ;;
  looktable) rules ;;
  backtable) "$tables-restore" ;;
esac
`;
