import type { z } from 'zod';
import {
  type Change,
  type ChangeOutcome,
  commandOutput,
  type FileContent,
  fileContent,
  fileState,
  runCommand,
  setFile,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { backupOf } from '../file-result.ts';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { writeText } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { type MountEntry, mountedAt, withMount } from './fstab.ts';

const params = withAliases(
  { name: 'path' },
  {
    path: path.describe('The mount point; `none` or `swap` for an entry of fstab without one.'),
    src: text.optional().describe('What is mounted: device, UUID=..., host:/folder.'),
    fstype: text.optional().describe('Kind of the file system.'),
    opts: text.optional().describe('Options, with commas. Default `defaults`.'),
    dump: text.default('0').describe('Fifth field of fstab.'),
    passno: text.default('0').describe('Sixth field of fstab.'),
    state: choice(
      'mounted',
      'unmounted',
      'present',
      'absent',
      'remounted',
      'absent_from_fstab',
      'ephemeral',
    ).describe(
      '`present` and `absent_from_fstab` only touch fstab, `unmounted`, `remounted` and `ephemeral` only what is mounted, `mounted` and `absent` both.',
    ),
    fstab: path.default('/etc/fstab').describe('The table.'),
    boot: boolean
      .default(true)
      .describe('Whether it is mounted at the start of the system (`noauto` if not).'),
    backup: boolean
      .default(false)
      .describe('Keep the table that was there before in the run on the controller.'),
    opts_no_log: boolean.default(false).describe('Keep the options out of output.'),
  },
).superRefine((given, context) => {
  const needs = ['mounted', 'present', 'ephemeral'].includes(given.state);
  if (needs && (given.src === undefined || given.fstype === undefined)) {
    context.addIssue({ code: 'custom', message: `state ${given.state} needs src and fstype` });
  }
  if (isNowhere(given.path) && ['mounted', 'ephemeral'].includes(given.state)) {
    context.addIssue({ code: 'custom', message: `state ${given.state} needs a folder as its path` });
  }
});

/** Whether an entry has no mount point: swap areas, by fstab(5). */
const isNowhere = (point: string): boolean => point === 'none' || point === 'swap';

type Params = z.infer<typeof params>;

const pointOf = (given: Params) => fileState(given.path, { checksum: false, follow: true });
const mounts = commandOutput({ argv: ['cat', '/proc/self/mounts'] });

/** File systems, now and at the start of the system. */
export default defineModule({
  name: 'mount',
  summary: 'Mounts file systems and keeps fstab.',
  params,
  pathsAsWritten: (given) => (['none', 'swap'].includes(given.path) ? ['path'] : []),
  needs: (given) => [
    mounts,
    fileContent(given.fstab, { follow: true }),
    ...(isNowhere(given.path) ? [] : [pointOf(given)]),
  ],
  plan(given, seen, context) {
    const table = answer(seen, mounts);
    const fstab = answer(seen, fileContent(given.fstab, { follow: true }));
    const point = isNowhere(given.path) ? undefined : answer(seen, pointOf(given));
    if (isUnknown(table)) return unknownPlan(table);
    if (isUnknown(fstab)) return unknownPlan(fstab);
    if (isUnknown(point)) return unknownPlan(point);
    const mounted = mountedAt(table.stdout, point?.realPath ?? given.path);
    const edit = tableEdit(given, fstab);
    const changes: Change[] = [];
    if (given.state === 'mounted' || given.state === 'ephemeral') {
      if (point?.type === 'absent') changes.push(...setFile(point, { type: 'directory', mode: '0755' }));
      else if (point?.type !== 'directory') return { changes: [], failed: `${given.path} is no folder` };
    }
    const acts = mountActs(given, mounted, edit.length > 0);
    if (typeof acts === 'string') return { changes: [], failed: acts };
    // What cannot be mounted must not stand in the table at the next start of the system.
    changes.push(...(given.state === 'mounted' ? [...acts, ...edit] : [...edit, ...acts]));
    if (given.state === 'absent' && point?.type === 'directory') changes.push(removal(given.path));
    const backup = backupOf(context, fstab, given.backup && edit.length > 0);
    return {
      changes,
      effects: backup.effects,
      warnings: backup.warnings,
      result: (outcomes) => ({
        name: given.path,
        src: given.src,
        fstype: given.fstype,
        opts: given.opts_no_log ? 'NOT_LOGGING' : optionsOf(given),
        dump: given.dump,
        passno: given.passno,
        fstab: given.fstab,
        boot: given.boot ? 'yes' : 'no',
        backup_file: '',
        ...backup.result,
        ...failure(given, mounted !== undefined, outcomes),
      }),
    };
  },
});

/** In Ansible's words where something could not be mounted. */
function failure(given: Params, mounted: boolean, outcomes: readonly ChangeOutcome[]) {
  const failed = commandFailure(outcomes);
  if (typeof failed.stderr !== 'string' || !['mounted', 'ephemeral', 'remounted'].includes(given.state))
    return failed;
  return { ...failed, msg: `Error ${mounted ? 'remounting' : 'mounting'} ${given.path}: ${failed.stderr}` };
}

function optionsOf(given: Params): string {
  const opts = given.opts ?? 'defaults';
  return given.boot || opts.split(',').includes('noauto') ? opts : `${opts},noauto`;
}

function tableEdit(given: Params, fstab: FileContent): Change[] {
  const before = fstab.bytes?.toString('utf8') ?? '';
  let after = before;
  if (given.state === 'mounted' || given.state === 'present') {
    const entry: MountEntry = {
      src: given.src!,
      path: given.path,
      fstype: given.fstype!,
      opts: optionsOf(given),
      dump: given.dump,
      passno: given.passno,
    };
    after = withMount(before, given.path, entry);
  } else if (given.state === 'absent' || given.state === 'absent_from_fstab') {
    after = withMount(before, given.path, undefined, given.src);
  }
  if (after === before) return [];
  return writeText(fstab, after, {}, { secret: given.opts_no_log });
}

// $1 the type, -o, $3 options, $4 what, $5 where. Some options only count for what is mounted anew, as of NFS.
const REMOUNT = `mount -o "remount,$3" "$4" "$5" || { umount "$5" && mount -t "$@"; }`;

function mountActs(given: Params, mounted: MountEntry | undefined, edited: boolean): Change[] | string {
  const run = (argv: readonly string[], summary?: string): Change => {
    const said = given.opts_no_log ? `mount ${given.path}` : summary;
    return runCommand({ argv }, { undo: 'irreversible', ...(said === undefined ? {} : { summary: said }) });
  };
  const act = (...argv: string[]) => run(argv);
  const opts = optionsOf(given);
  const anew = ['mount', '-t', given.fstype ?? '', '-o', opts, given.src ?? '', given.path];
  switch (given.state) {
    case 'mounted':
      if (!mounted) return [act(...anew)];
      return edited
        ? [run(['/bin/sh', '-c', REMOUNT, 'sh', ...anew.slice(2)], `mount -o remount,${opts} ${given.path}`)]
        : [];
    case 'ephemeral':
      if (!mounted) return [act(...anew)];
      if (mounted.src !== given.src) {
        return `Ephemeral mount point is already mounted with a different source: ${mounted.src}`;
      }
      return [act('mount', '-o', `remount,${opts}`, given.path)];
    case 'remounted':
      if (!mounted) return `${given.path} is not mounted`;
      return [act('mount', '-o', given.opts === undefined ? 'remount' : `remount,${given.opts}`, given.path)];
    case 'unmounted':
    case 'absent':
      return mounted ? [act('umount', given.path)] : [];
    default:
      return [];
  }
}

/** Only an empty folder goes. */
function removal(point: string): Change {
  return runCommand(
    { argv: ['rmdir', point] },
    { undo: 'irreversible', summary: `remove the folder ${point}` },
  );
}
