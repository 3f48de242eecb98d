import type { Setting } from '../setting.ts';

// Prints `ENABLED yes`, and each file with every line behind a blank. Puts them back in place, so that modes stay.
const SCRIPT = `
LC_ALL=C
export LC_ALL
command -v ufw >/dev/null || { echo "there is no program ufw on the target" >&2; exit 127; }
on() { ufw status | sed -n -e 's/^Status: active.*/yes/p' -e 's/^Status: inactive.*/no/p'; }
if [ "$1" = look ]; then
  now=$(on)
  [ -n "$now" ] || { ufw status >&2; exit 1; }
  echo "ENABLED $now"
  for file in /etc/ufw/ufw.conf /etc/default/ufw /etc/ufw/user.rules /etc/ufw/user6.rules; do
    [ -f "$file" ] || continue
    echo "FILE $file"
    sed 's/^/ /' "$file"
  done
  exit
fi
file=/dev/null
while IFS= read -r line; do
  case $line in
    'ENABLED '*) wanted=\${line#ENABLED } ;;
    'FILE '*) file=\${line#FILE } && : >"$file" ;;
    *) printf '%s\\n' "\${line# }" >>"$file" ;;
  esac
done
case $wanted$(on) in
  yesyes) ufw reload ;;
  yesno) ufw -f enable ;;
  noyes) ufw disable ;;
esac
`;

/** The firewall as a whole: whether it is on, and the files that ufw keeps it in. */
export const firewall: Setting = {
  key: 'ufw:firewall',
  look: run('look'),
  back: run('back'),
};

function run(verb: string): string[] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', verb];
}

/** What the firewall is set to. */
export interface FirewallState {
  readonly on: boolean;
  /** `off`, `low`, `medium`, `high`, `full`. */
  readonly logging: string;
  /** Direction -> `allow`, `deny` or `reject`. */
  readonly defaults: Readonly<Record<'incoming' | 'outgoing' | 'routed', string | undefined>>;
  /** Lines that tell a rule: of IPv4 and of IPv6. */
  readonly rules: readonly [readonly string[], readonly string[]];
}

const POLICIES: Readonly<Record<string, string>> = { ACCEPT: 'allow', DROP: 'deny', REJECT: 'reject' };

/** Reads what `firewall` shows. */
export function readFirewall(shown: string): FirewallState {
  const value = (name: string) => new RegExp(`^ ${name}="?([^"\\n]*)"?\\s*$`, 'm').exec(shown)?.[1];
  const policy = (chain: string) => POLICIES[value(`DEFAULT_${chain}_POLICY`)?.toUpperCase() ?? ''];
  const part = (file: string) => shown.split(`FILE /etc/ufw/${file}\n`)[1]?.split('\nFILE ')[0] ?? '';
  return {
    on: shown.startsWith('ENABLED yes'),
    logging: value('LOGLEVEL') ?? 'low',
    defaults: { incoming: policy('INPUT'), outgoing: policy('OUTPUT'), routed: policy('FORWARD') },
    rules: [rulesIn(part('user.rules')), rulesIn(part('user6.rules'))],
  };
}

/** Gives the lines of a file of ufw that tell a rule. */
function rulesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('### tuple'));
}

/** Whether a rule would change anything: `rehearsed` is what `ufw --dry-run` said, the files as they would be among it. */
export function wouldChange(rehearsed: string, { rules }: FirewallState): boolean {
  return rehearsed
    .split(/^\*filter$/m)
    .slice(1)
    .some((file) => rulesIn(file).join('\n') !== rules[file.includes(':ufw6-') ? 1 : 0].join('\n'));
}
