import type { z } from 'zod';
import { commandOutput, contentOfBytes, fileContent, type Observed, setFile } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { afterChanges, fileFacts, seenThroughLink, settled } from '../file-result.ts';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';
import { defineModule } from '../types.ts';
import { type HostKey, isAbout, isWellFormed, readHostKey, withHostKeys } from './lines.ts';

const params = withAliases(
  { host: 'name' },
  {
    name: text.describe('The host, as it stands in `key`: `name`, `address`, or `[name]:port`.'),
    key: text
      .optional()
      .describe(
        'Its public key as a line of known_hosts: `name ssh-ed25519 AAAA...`, as ssh-keyscan prints it.',
      ),
    path: path.optional().describe('The file. Default: .ssh/known_hosts in the home folder.'),
    hash_host: boolean.default(false).describe('Write the name as a salted hash.'),
    state: choice('present', 'absent')
      .default('present')
      .describe(
        'Whether the key shall be in the file; `absent` without `key` takes all keys of the host out.',
      ),
  },
);

type Params = z.infer<typeof params>;

const home = commandOutput({ argv: ['/bin/sh', '-c', 'printf %s "$HOME"'] });

/** Which keys other hosts have. */
export default defineModule({
  name: 'known_hosts',
  summary: 'Adds and removes host keys in a known_hosts file.',
  params,
  needs(given, seen) {
    const first = given.path === undefined ? [home] : [];
    const file = fileOf(given, seen);
    if (typeof file !== 'string') return first;
    const probe = fileContent(file, { follow: true });
    return [...first, probe, ...parentNeeds(seen.get(probe))];
  },
  plan(given, seen, context) {
    const file = fileOf(given, seen);
    if (file === undefined || isUnknown(file)) return unknownPlan(file!);
    const probe = fileContent(file, { follow: true });
    const found = answer(seen, probe);
    if (isUnknown(found)) return unknownPlan(found);
    const keys = wantedKeys(given);
    if ('failed' in keys) return { changes: [], ...keys };
    const before = withParent(found, seen);
    if (before.type === 'directory' || before.type === 'other')
      return { changes: [], failed: `${file} is no regular file` };
    const present = given.state === 'present';
    const now = before.bytes?.toString('utf8') ?? '';
    const seed = `${context.host}\0${file}`;
    const after = withHostKeys(now, {
      name: given.name,
      keys: keys.keys,
      present,
      hash: given.hash_host,
      seed,
    });
    const parents = present ? makeParents(before, seen, false) : [];
    if (typeof parents === 'string') return { changes: [], failed: parents };
    const wanted = { type: 'file', content: contentOfBytes(after) } as const;
    const changes = after === now ? [] : seenThroughLink(setFile(before, wanted), before);
    return {
      changes,
      result: (outcomes) => ({
        name: given.name,
        key: given.key ?? null,
        path: file,
        hash_host: given.hash_host,
        diff: {
          before: now,
          after,
          before_header: before.type === 'absent' ? '/dev/null' : file,
          after_header: file,
        },
        ...fileFacts(settled(afterChanges(changes, probe, before), outcomes)),
      }),
    };
  },
});

function fileOf(given: Params, seen: Observed): string | undefined | Unknown {
  if (given.path !== undefined) return given.path;
  const said = seen.get(home);
  return said === undefined || isUnknown(said) ? said : `${said.stdout}/.ssh/known_hosts`;
}

/** What is wrong with a key, and where. */
interface Refusal {
  readonly failed: string;
  readonly warnings?: readonly string[];
}

/** The keys of the task. What is wrong with them is told in words that playbooks compare. */
function wantedKeys(given: Params): { readonly keys: readonly HostKey[] } | Refusal {
  if (given.key === undefined)
    return given.state === 'absent' ? { keys: [] } : { failed: 'No key specified when adding a host' };
  if (given.name.includes(','))
    return {
      failed:
        'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.',
    };
  const lines = given.key.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const keys = lines.map(readHostKey);
  const isRight = (key: HostKey | undefined): key is HostKey =>
    key !== undefined && isWellFormed(key) && isAbout(key, given.name);
  if (keys.length > 0 && keys.every(isRight)) return { keys };
  const wrong = lines[keys.findIndex((key) => !isRight(key))]?.trim() ?? '';
  return {
    failed: 'Host parameter does not match hashed host field in supplied key',
    warnings: [`known_hosts: "${wrong.slice(0, 60)}" is no line of known_hosts about ${given.name}`],
  };
}
