/** Edits of a text file on a host: what lineinfile, blockinfile, replace, ini_file and toml share. */
import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import {
  type Change,
  contentOfBytes,
  type FileContent,
  type FileState,
  fileContent,
  type Observed,
  type Probe,
  setFile,
} from '../resources/index.ts';
import { isUnknown } from '../values/index.ts';
import { answer, unknownPlan } from './answer.ts';
import { flagNeeds, withFlags } from './file-flags.ts';
import { afterChanges, backupOf, fileFacts, seenThroughLink, settled } from './file-result.ts';
import { attributeWarnings, boolean, flaggedAttributes, text } from './params.ts';
import { makeParents, parentNeeds, withParent } from './parents.ts';
import { attributesOf, linkNeeds, replacedLink } from './replaced-link.ts';
import { type EditDiff, editDiff } from './result-diff.ts';
import { defineModule, type Module, type Plan, type PlanContext } from './types.ts';

/** Parameters of every module that edits a text file. */
export const editParams = {
  ...flaggedAttributes,
  backup: boolean
    .default(false)
    .describe('Keep the file as it was in the run store; its place is in backup_file.'),
  validate: text
    .refine((command) => command.includes('%s'), { error: ({ input }) => `must contain %s: ${input}` })
    .optional()
    .describe('Command that must accept the new file before it goes live; %s stands for it.'),
} as const;

type EditParams = z.output<z.ZodObject<typeof editParams>> & {
  readonly path: string;
  /** False: a link gives way to the edited file, and what it led to stays. Links are followed when not said. */
  readonly follow?: boolean;
};

/** A file as text. Bytes that are no UTF-8 survive, because they are taken one by one. */
interface EditableText {
  readonly exists: boolean;
  readonly text: string;
  /** As it is. */
  readonly bytes: Uint8Array;
  /** Text from the playbook, in the form that the file's text has here. */
  input<Given extends string | undefined>(text: Given): Given;
}

/** What a module says of the file: its message and further result keys. */
interface Verdict {
  readonly msg: string;
  readonly result?: Record<string, unknown>;
}

/** What an edit gives. */
interface Edit extends Verdict {
  /** The whole new text. */
  readonly text: string;
  readonly warnings?: readonly string[];
}

/** What a file that is not there means: make it and the folders around it, fail (with these words), or leave it so and say this. */
type Missing = 'make' | 'fail' | { readonly fails: string } | Verdict;

/** Defines a module that does nothing but edit one text file. */
export function defineEdit<Params extends EditParams>(module: {
  readonly name: string;
  readonly summary: string;
  readonly params: z.ZodType<Params>;
  readonly missing: (params: Params) => Missing;
  /** The `diff` of its results; none when not said. */
  readonly diff?: EditDiff;
  /** Gets the present text; only called when the file can be edited. */
  readonly edit: (params: Params, file: EditableText) => Edit;
}): Module<Params> {
  const { name, summary, params, missing, edit, diff } = module;
  return defineModule({
    name,
    summary,
    params,
    needs: (given, seen) => editNeeds(given.path, seen, given),
    plan: (given, seen, context) =>
      planEdit(
        { params: given, missing: missing(given), diff, edit: (file) => edit(given, file) },
        seen,
        context,
      ),
  });
}

/** The question that editing a file starts with. Links are followed, so that the file behind them is edited. */
function editProbe(path: string): Probe<FileContent> {
  return fileContent(path, { follow: true });
}

/**
 * Everything that `planEdit` wants to see: the file with its flags where they matter, the folder around it when that is
 * missing, and the link that it is found through when that would give way.
 */
export function editNeeds(
  path: string,
  seen: Observed,
  params: { readonly attributes?: string | undefined; readonly follow?: boolean } = {},
): Probe[] {
  const probe = editProbe(path);
  const file = seen.get(probe);
  const link = params.follow === false ? linkNeeds(path, file) : [];
  return [probe, ...link, ...parentNeeds(file), ...flagNeeds(params, file)];
}

/** Plans an edit of the file at `params.path`. */
export function planEdit(
  options: {
    readonly params: EditParams;
    readonly missing: Missing;
    readonly diff?: EditDiff | undefined;
    readonly edit: (file: EditableText) => Edit;
  },
  seen: Observed,
  context: PlanContext,
): Plan {
  const { params, missing } = options;
  const { path } = params;
  const probe = editProbe(path);
  const found = answer(seen, probe);
  if (isUnknown(found)) return unknownPlan(found);
  const before = withParent(found, seen);
  const refusal = whyNotEditable(before);
  if (refusal) return { changes: [], failed: refusal, result: () => ({ path, rc: 256 }) };
  const exists = before.type !== 'absent';
  if (!exists && missing !== 'make') return leftMissing(params, missing);
  const bytes = before.bytes ?? Buffer.alloc(0);
  const file = editable(bytes, exists);
  const edit = options.edit(file);
  const written = edit.text !== file.text || !exists;
  const parents = makeParents(before, seen, true);
  if (typeof parents === 'string') return { changes: [], failed: parents };
  const link = written && params.follow === false ? replacedLink(path, seen) : undefined;
  const changes = [
    ...parents,
    ...seenThroughLink(
      setFile(
        link ?? before,
        {
          type: 'file',
          ...(link ? attributesOf(before) : {}),
          ...attributes(params),
          ...(written ? { content: contentOfBytes(encode(edit.text, bytes)) } : {}),
        },
        fileOptions(params, written),
      ),
      link ?? before,
    ),
  ];
  const backup = backupOf(context, before, params.backup && written);
  const after = afterChanges(changes, probe, before);
  const touched = attributesDiffer(before, params);
  const planned: Plan = {
    changes,
    effects: backup.effects,
    warnings: [...backup.warnings, ...(edit.warnings ?? []), ...attributeWarnings(params)],
    result: (outcomes) => ({
      path,
      ...editDiff(options.diff, {
        path,
        before: file.text,
        after: edit.text,
        found: before,
        left: settled(after, outcomes),
        shown: context.diffMode,
      }),
      msg: touched ? joinMessages(edit.msg, 'ownership, perms or SE linux context changed') : edit.msg,
      ...fileFacts(settled(after, outcomes)),
      ...edit.result,
      ...backup.result,
      // lineinfile names it so.
      ...(edit.result?.backup === undefined ? {} : { backup: backup.result.backup_file ?? '' }),
    }),
  };
  return withFlags(planned, params, before, seen);
}

function leftMissing(params: EditParams, missing: 'fail' | Verdict | { readonly fails: string }): Plan {
  const { path } = params;
  if (missing !== 'fail' && 'msg' in missing)
    return { changes: [], result: () => ({ path, msg: missing.msg, ...missing.result }) };
  const why = missing === 'fail' ? `Path ${path} does not exist !` : missing.fails;
  return { changes: [], failed: why, result: () => ({ path, rc: 257 }) };
}

function whyNotEditable(before: FileContent): string | undefined {
  if (before.type === 'directory') return `Path ${before.path} is a directory !`;
  if (before.type === 'other') return `${before.path} is no regular file`;
  if (before.type === 'file' && !before.bytes) return `${before.path} cannot be read`;
  return undefined;
}

/** Whether owner, group or mode are set to something else than the file has, or would get as a new one. */
function attributesDiffer(before: FileContent, params: EditParams): boolean {
  const present: FileState =
    before.type === 'file'
      ? before
      : { path: before.path, type: 'file', umask: before.umask, mode: 0o666 & ~(before.umask ?? 0o022) };
  return setFile(present, { type: 'file', ...attributes(params) }).length > 0;
}

function joinMessages(first: string, second: string): string {
  return first ? `${first} and ${second}` : second;
}

/** The part of the parameters that `setFile` understands. */
export function attributes(params: {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
}): { mode?: string; owner?: string; group?: string } {
  return {
    ...(params.mode === undefined ? {} : { mode: params.mode }),
    ...(params.owner === undefined ? {} : { owner: params.owner }),
    ...(params.group === undefined ? {} : { group: params.group }),
  };
}

function fileOptions(params: EditParams, written: boolean) {
  return {
    ...(params.validate === undefined || !written ? {} : { validate: params.validate }),
    ...(params.unsafe_writes ? { unsafeWrites: true } : {}),
  };
}

function editable(bytes: Buffer, exists: boolean): EditableText {
  if (isUtf8(bytes)) return { exists, bytes, text: bytes.toString('utf8'), input: (given) => given };
  const input = (given: string | undefined) => given && Buffer.from(given, 'utf8').toString('latin1');
  return { exists, bytes, text: bytes.toString('latin1'), input: input as EditableText['input'] };
}

function encode(changed: string, original: Buffer): Buffer {
  return Buffer.from(changed, isUtf8(original) ? 'utf8' : 'latin1');
}

/** Gives the changes that write a whole text file of the system; everybody may read a new one, unless `fresh` says more. */
export function writeText(
  before: FileContent,
  text: string,
  fresh: { readonly owner?: string; readonly group?: string | undefined; readonly mode?: string } = {},
  options: { readonly secret?: boolean } = {},
): Change[] {
  const attributes = before.type === 'absent' ? { mode: '0644', ...fresh } : {};
  return setFile(before, { type: 'file', content: contentOfBytes(text), ...attributes }, options);
}

/** Splits a text into lines that keep their ends, as Python's `readlines`. */
export function linesOf(content: string): string[] {
  return content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its end. */
export function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}

/** A line with an end: its own, or a newline. */
export function withEnd(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`;
}
