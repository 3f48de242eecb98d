import { applyPatch } from 'diff/lib/patch/apply.js';
import { structuredPatch } from 'diff/lib/patch/create.js';
import { z } from 'zod';
import { fileContent, knownBytes } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { contentsOf, readArchive } from '../archive/read.ts';
import { plainPath, text } from '../params.ts';
import { editNeeds, editParams, planEdit } from '../text-file.ts';
import { defineModule, type PlanContext } from '../types.ts';

const params = z.strictObject({
  path: plainPath.describe('File to write: the new original with the edits.'),
  edited: plainPath.describe('File on the target that somebody edited.'),
  original: text.describe('Archive on the controller that holds the file as it was before those edits.'),
  onto: text.describe('Archive on the controller that holds the new original.'),
  member: text.describe('Name of the file inside both archives, below their top folder.'),
  ...editParams,
});

/** Carries edits over to another version of a file, as a person with diff and patch would. */
export default defineModule({
  name: 'reapply',
  summary: 'Re-applies the edits of a file to a newer original of it (a three-way merge).',
  params,
  needs: (p, seen) => [fileContent(p.edited, { follow: true }), ...editNeeds(p.path, seen)],
  plan: async (p, seen, context) => {
    const edited = seen.get(fileContent(p.edited, { follow: true }));
    if (isUnknown(edited)) return { changes: [], changed: edited };
    if (edited?.bytes === undefined)
      return { changes: [], failed: `${p.edited} does not exist, or cannot be read as text` };
    const merged = await merge(p, edited.bytes.toString('utf8'), context);
    if ('failed' in merged) return { changes: [], failed: merged.failed };
    return planEdit(
      {
        params: p,
        missing: 'make',
        edit: (file) => ({
          text: file.input(merged.text),
          msg: `${merged.hunks} edit${merged.hunks === 1 ? '' : 's'} of ${p.edited} re-applied`,
          result: { edits: merged.hunks },
        }),
      },
      seen,
      context,
    );
  },
});

async function merge(
  p: z.output<typeof params>,
  edited: string,
  context: PlanContext,
): Promise<{ readonly text: string; readonly hunks: number } | { readonly failed: string }> {
  const original = await memberText(p.original, p.member, context);
  const onto = await memberText(p.onto, p.member, context);
  if (original === undefined || onto === undefined)
    return { failed: `${original === undefined ? p.original : p.onto} has no member ${p.member}` };
  const patch = structuredPatch(p.member, p.member, original, edited, undefined, undefined, { context: 3 });
  // Each hunk alone, so that a refusal names the very lines that do not fit.
  let merged = onto;
  for (const hunk of patch.hunks) {
    const next = applyPatch(merged, { ...patch, hunks: [hunk] }, { fuzzFactor: 2 });
    if (next === false) {
      const lines = hunk.lines.filter((line) => /^[+-]/.test(line)).slice(0, 4);
      return {
        failed: `the edit at line ${hunk.newStart} of ${p.edited} does not fit the new ${p.member}: ${lines.join(' | ')}; make it by hand in the playbook (lineinfile, replace)`,
      };
    }
    merged = next;
  }
  return { text: merged, hunks: patch.hunks.length };
}

/** Gives a member's text. Members are found below the one top folder that packs have. */
async function memberText(pack: string, member: string, context: PlanContext): Promise<string | undefined> {
  const file = await context.readFile(context.findFile(pack, 'files'));
  const archive = await readArchive({ path: file.path, sha256: file.sha256 });
  const entry = archive.entries.find(
    (one) => one.path === member || one.path.replace(/^[^/]+\//, '') === member,
  );
  if (entry?.sha256 === undefined) return undefined;
  const contents = await contentsOf(archive, new Set([entry.sha256]), context.runFolder);
  const content = contents.get(entry.sha256);
  const bytes = content && knownBytes(content);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
