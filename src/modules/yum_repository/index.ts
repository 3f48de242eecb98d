import { posix } from 'node:path';
import type { z } from 'zod';
import { contentOfBytes, fileContent, setFile } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { attributeWarnings } from '../params.ts';
import { parentNeeds, withParent } from '../parents.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan } from '../types.ts';
import { repositoryOptions, yumRepositoryParams } from './params.ts';
import { type RepoFile, readRepoFile, sameRepositories, writeRepoFile } from './repo-file.ts';

type Params = z.infer<typeof yumRepositoryParams>;

/** Repositories of yum and dnf, several in a file if need be. */
export default defineModule({
  name: 'yum_repository',
  summary: 'Adds a repository of yum or dnf to a file, or takes it out.',
  params: yumRepositoryParams,
  needs: (given, seen) => [fileOf(given), ...parentNeeds(seen.get(fileOf(given)))],
  plan(given, seen): Plan {
    const found = answer(seen, fileOf(given));
    if (isUnknown(found)) return unknownPlan(found);
    const before = withParent(found, seen);
    if (before.type === 'absent' && before.parent !== 'directory') {
      return { changes: [], failed: `Repo directory '${posix.dirname(before.path)}' does not exist.` };
    }
    const repositories = readRepoFile(before.bytes?.toString('utf8') ?? '');
    if ('fault' in repositories) {
      return { changes: [], failed: `${before.path} is no repository file: ${repositories.fault}` };
    }
    const after = edited(given, repositories);
    const same = sameRepositories(repositories, after);
    const secret = given.password !== undefined || given.proxy_password !== undefined;
    const changes =
      after.size === 0 && !same
        ? setFile(before, { type: 'absent' }, { secret })
        : before.type === 'absent' && same
          ? []
          : setFile(
              before,
              {
                type: 'file',
                ...(same ? {} : { content: contentOfBytes(writeRepoFile(after)) }),
                ...attributes(given),
              },
              { secret, unsafeWrites: given.unsafe_writes },
            );
    return {
      changes,
      warnings: attributeWarnings(given),
      result: () => ({ repo: given.name, state: given.state }),
    };
  },
});

function fileOf(given: Params): ReturnType<typeof fileContent> {
  return fileContent(posix.join(given.reposdir, `${given.file ?? given.name}.repo`), { follow: true });
}

/** Written anew, a repository goes to the end of the file; one that is as wanted stays where it is. */
function edited(given: Params, before: RepoFile): RepoFile {
  const after = new Map(before);
  after.delete(given.name);
  if (given.state === 'absent') return after;
  after.set(given.name, optionsOf(given));
  return sameRepositories(before, after) ? before : after;
}

function optionsOf(given: Params): Map<string, string> {
  const options = new Map([['name', given.description!]]);
  for (const name of Object.keys(repositoryOptions) as (keyof typeof repositoryOptions)[]) {
    const value = given[name];
    if (value !== undefined) options.set(name, asWritten(name, value));
  }
  return options;
}

function asWritten(name: string, value: string | boolean | string[]): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (!Array.isArray(value)) return value;
  return value.join(name === 'baseurl' || name === 'gpgkey' ? '\n' : ' ');
}
