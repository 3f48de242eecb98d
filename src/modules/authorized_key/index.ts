import { posix } from 'node:path';
import { z } from 'zod';
import {
  type Change,
  contentOfBytes,
  fetchFile,
  fileContent,
  fileState,
  type HttpReply,
  type Observed,
  type Probe,
  setFile,
  userState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { afterChanges, fileFacts, seenThroughLink, settled } from '../file-result.ts';
import { boolean, choice, path, text } from '../params.ts';
import { makeParents, parentNeeds } from '../parents.ts';
import { linkNeeds, replacedLink } from '../replaced-link.ts';
import { defineModule } from '../types.ts';
import { type KeyLine, readKey, withKeys } from './keys.ts';

const params = z.strictObject({
  user: text.describe('Whose file it is.'),
  key: text.describe('Public keys, one a line, or the address of such a list.'),
  state: choice('present', 'absent').default('present').describe('Whether the keys shall be in the file.'),
  path: path.optional().describe('The file. Default: .ssh/authorized_keys in the home folder.'),
  manage_dir: boolean.default(true).describe('Make the folder, and set its owner and mode.'),
  exclusive: boolean.default(false).describe('Take all other keys out.'),
  key_options: text.optional().describe('Options that the keys get, such as `no-pty`.'),
  comment: text.optional().describe('A comment instead of the one in the key.'),
  follow: boolean.default(false).describe('Write through a link instead of replacing it.'),
  validate_certs: boolean.default(true).describe('Check the certificate when `key` is an address.'),
});

type Params = z.infer<typeof params>;

/** Who may log in with which key. */
export default defineModule({
  name: 'authorized_key',
  summary: 'Adds and removes SSH keys that may log in as a user.',
  params,
  needs(given, seen) {
    const first: Probe[] = [userState(given.user), ...listProbes(given)];
    const file = fileOf(given, seen);
    if (typeof file !== 'string') return first;
    const content = fileContent(file, { follow: true });
    const found = seen.get(content);
    return [
      ...first,
      content,
      fileState(posix.dirname(file), { checksum: false }),
      ...parentNeeds(found),
      ...(given.follow ? [] : linkNeeds(file, found)),
    ];
  },
  plan(given, seen) {
    const account = answer(seen, userState(given.user));
    if (isUnknown(account)) return unknownPlan(account);
    if (!account.exists && given.path === undefined) {
      return { changes: [], failed: `Failed to lookup user ${given.user}: there is no such user` };
    }
    const file = fileOf(given, seen) as string;
    const [before, folder] = [
      answer(seen, fileContent(file, { follow: true })),
      answer(seen, fileState(posix.dirname(file), { checksum: false })),
    ];
    if (isUnknown(before)) return unknownPlan(before);
    if (isUnknown(folder)) return unknownPlan(folder);
    const keys = wantedKeys(given, seen);
    if (isUnknown(keys)) return unknownPlan(keys);
    if (typeof keys === 'string') return { changes: [], failed: keys };
    const present = given.state === 'present';
    const now = before.bytes?.toString('utf8') ?? '';
    const after = withKeys(now, { keys, present, exclusive: given.exclusive && present });
    const owner = account.exists ? { owner: given.user, group: account.group } : {};
    const missing = present && before.type === 'absent' && keys.length > 0;
    // Owner and mode, of the folder too, are set with what is written: a file that has the keys is left as it is.
    const writes = after !== now || missing;
    const own: Change[] | string = given.manage_dir
      ? setFile(folder, { type: 'directory', mode: '0700', ...owner }, { owned: folder.type === 'absent' })
      : makeParents(before, seen, true);
    if (typeof own === 'string') return { changes: [], failed: own };
    const place = (given.follow ? undefined : replacedLink(file, seen)) ?? before;
    const content = contentOfBytes(after);
    const changes = writes
      ? [...own, ...seenThroughLink(setFile(place, { type: 'file', content, mode: '0600', ...owner }), place)]
      : [];
    return {
      changes,
      result: (outcomes) => ({
        user: given.user,
        key: given.key,
        keyfile: file,
        path: given.path ?? null,
        exclusive: given.exclusive,
        key_options: given.key_options ?? null,
        comment: given.comment ?? null,
        manage_dir: given.manage_dir,
        follow: given.follow,
        validate_certs: given.validate_certs,
        ...fileFacts(settled(afterChanges(changes, fileContent(file, { follow: true }), before), outcomes)),
      }),
    };
  },
});

function fileOf(given: Params, seen: Observed): string | undefined | Unknown {
  if (given.path !== undefined) return given.path;
  const account = seen.get(userState(given.user));
  if (account === undefined || isUnknown(account)) return account;
  return account.home === undefined ? undefined : posix.join(account.home, '.ssh/authorized_keys');
}

function listProbes(given: Params): Probe<HttpReply>[] {
  if (!/^https?:\/\//.test(given.key)) return [];
  return [fetchFile({ url: given.key, followRedirects: 'safe', validateCerts: given.validate_certs })];
}

/** The keys of the task, or a line about what is wrong with them. */
function wantedKeys(given: Params, seen: Observed): readonly KeyLine[] | string | Unknown {
  let list = given.key;
  for (const probe of listProbes(given)) {
    const reply: HttpReply | Unknown = answer(seen, probe);
    if (!('status' in reply)) return reply;
    if (reply.status !== 200) return `Error getting key from: ${given.key}`;
    list = reply.body.toString('utf8');
  }
  const lines = list.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const keys: KeyLine[] = [];
  for (const line of lines) {
    const key = readKey(line);
    if (!key) return `invalid key specified: ${line.trim().slice(0, 40)}`;
    keys.push({ ...key, options: given.key_options ?? key.options, comment: given.comment ?? key.comment });
  }
  return keys;
}
