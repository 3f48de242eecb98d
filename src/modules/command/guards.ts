import { posix } from 'node:path';
import { commandOutput, fileState, type Observed, type Probe } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';

/** When a command need not run: `creates` is there already, or `removes` is gone. */
export interface Guards {
  readonly creates?: string | undefined;
  readonly removes?: string | undefined;
  readonly chdir?: string | undefined;
}

type Presence = (seen: Observed) => boolean | Unknown;

/** What has to be asked to decide the guards. */
export function guardProbes(guards: Guards): Probe[] {
  return [guards.creates, guards.removes]
    .filter((path) => path !== undefined)
    .map((path) => existence(path, guards.chdir).probe);
}

/**
 * Gives the reason why the command need not run, in Ansible's words, undefined when it has to,
 * or Unknown when a dry run cannot tell.
 */
export function guardReason(guards: Guards, seen: Observed): string | undefined | Unknown {
  if (guards.creates !== undefined) {
    const there = existence(guards.creates, guards.chdir).present(seen);
    if (isUnknown(there)) return there;
    if (there) return `${guards.creates} exists`;
  }
  if (guards.removes !== undefined) {
    const there = existence(guards.removes, guards.chdir).present(seen);
    if (isUnknown(there)) return there;
    if (!there) return `${guards.removes} does not exist`;
  }
  return undefined;
}

function existence(path: string, chdir: string | undefined): { probe: Probe; present: Presence } {
  const full = path.startsWith('/') || chdir?.startsWith('/') !== true ? path : posix.join(chdir, path);
  if (full.startsWith('/') && !/[*?[]/.test(full)) {
    const probe = fileState(full, { checksum: false });
    return {
      probe,
      present: (seen) => {
        const state = answer(seen, probe);
        return isUnknown(state) ? state : state.type !== 'absent';
      },
    };
  }
  const probe = commandOutput({ argv: ['/bin/sh', '-c', ANY_MATCH, 'sh', path], cwd: chdir });
  return {
    probe,
    present: (seen) => {
      const result = answer(seen, probe);
      return isUnknown(result) ? result : result.stdout.trim() === 'yes';
    },
  };
}

// Patterns and ~ are the host's to expand. An empty IFS keeps a pattern with blanks in one piece.
const ANY_MATCH = `
IFS=
# shellcheck disable=SC2088
case $1 in
  '~') set -- "$HOME" ;;
  '~/'*) set -- "$HOME/\${1#??}" ;;
esac
# shellcheck disable=SC2086
set -- $1
if [ -e "$1" ] || [ -L "$1" ]; then echo yes; else echo no; fi
`;
