import type { Setting } from '../setting.ts';

/** One program of a group of alternatives. */
export interface Alternative {
  readonly path: string;
  readonly priority: number;
  /** Name -> path of what goes along with it. */
  readonly followers: ReadonlyMap<string, string>;
}

/** A group as update-alternatives(1) shows it; undefined where there is none. */
export interface Group {
  readonly auto: boolean;
  /** The link that people call; not shown by the program of Red Hat. */
  readonly link: string | undefined;
  readonly current: string | undefined;
  readonly alternatives: readonly Alternative[];
  /** Name -> link of what goes along. */
  readonly followerLinks: ReadonlyMap<string, string>;
}

// Debian keeps a group in /var/lib/dpkg/alternatives, Red Hat in /var/lib/alternatives, in the same form. That file is put
// back, and the links are made anew after it.
const SCRIPT = `
LC_ALL=C
export LC_ALL
verb=$1 name=$2
command -v update-alternatives >/dev/null || { echo "there is no program update-alternatives on the target" >&2; exit 127; }
for folder in /var/lib/dpkg/alternatives /var/lib/alternatives; do [ ! -d "$folder" ] || break; done
if [ "$verb" = look ]; then
  [ -f "$folder/$name" ] || exit 0
  readlink "/etc/alternatives/$name" || echo
  update-alternatives --display "$name"
  echo "-- $folder/$name"
  cat "$folder/$name"
  exit
fi
read -r current || exec update-alternatives --remove-all "$name"
sed '1,/^-- /d' >"$folder/$name"
if [ "$(head -n 1 "$folder/$name")" = auto ]; then update-alternatives --auto "$name"
else update-alternatives --set "$name" "$current"; fi
`;

/** The group of a name. */
export function groupSetting(name: string): Setting {
  const run = (verb: string) => ['/bin/sh', '-c', SCRIPT, 'sh', verb, name];
  return { key: `alternatives:${name}`, look: run('look'), back: run('back') };
}

/** Reads what `look` printed. */
export function readGroup(shown: string): Group | undefined {
  if (shown === '') return undefined;
  const [current = '', ...lines] = (shown.split(/^-- /m)[0] ?? '').split('\n');
  const followerLinks = new Map<string, string>();
  const alternatives: { path: string; priority: number; followers: Map<string, string> }[] = [];
  let link: string | undefined;
  for (const line of lines) {
    const [, path, priority] = /^(\/.*) - (?:family \S+ )?priority (-?\d+)/.exec(line) ?? [];
    const [, follower, target] = /^ +(?:slave|follower) ([^:]+): (\/.*)$/.exec(line) ?? [];
    const [, name, place] = /^ +(?:slave|follower) (\S+) is (\/.*)$/.exec(line) ?? [];
    if (path !== undefined) alternatives.push({ path, priority: Number(priority), followers: new Map() });
    else if (follower !== undefined) alternatives.at(-1)?.followers.set(follower, target!);
    else if (name !== undefined) followerLinks.set(name, place!);
    else link ??= /^ +link \S+ is (\/.*)$/.exec(line)?.[1];
  }
  const auto = /auto mode|status is auto/.test(lines[0] ?? '');
  return { auto, link, current: current === '' ? undefined : current, alternatives, followerLinks };
}
