import { editNeeds, planEdit } from '../text-file.ts';
import { defineModule, type Plan } from '../types.ts';
import type { Amended } from './amend.ts';
import { params, type Wish } from './params.ts';

/** Parts of XML files. */
export default defineModule<Wish>({
  name: 'xml',
  summary: 'Changes, adds, removes and reads parts of XML files.',
  params,
  needs: ({ path }, seen) => (path === undefined ? [] : editNeeds(path, seen)),
  async plan(given, seen, context) {
    const amend = await loadAmend();
    const { path, xmlstring = '', backup } = given;
    if (path === undefined) {
      const amended = amend(Buffer.from(xmlstring), given);
      return { changes: [], ...toldPlan(amended, context.diffMode, { xmlstring: true }) };
    }
    const outcome: { amended?: Amended } = {};
    const planned = planEdit(
      {
        params: { path, backup, attributes: undefined, unsafe_writes: false },
        missing: { fails: `The target XML source '${path}' does not exist.` },
        edit: (file) => {
          const amended = amend(file.bytes, given);
          outcome.amended = amended;
          const writes = 'text' in amended && amended.changed;
          return { msg: '', text: writes ? file.input(amended.text) : file.text };
        },
      },
      seen,
      context,
    );
    if (outcome.amended === undefined) return planned;
    const told = toldPlan(outcome.amended, context.diffMode, { xmlstring: false });
    if (told.failed !== undefined) return { changes: [], ...told };
    return {
      ...planned,
      result: (outcomes) => {
        const { backup_file } = planned.result?.(outcomes) ?? {};
        return { ...told.result?.(outcomes), ...(backup_file === undefined ? {} : { backup_file }) };
      },
    };
  },
});

/** What became of a document, without the changes of its file. */
function toldPlan(
  amended: Amended,
  diffMode: boolean,
  { xmlstring }: { readonly xmlstring: boolean },
): Pick<Plan, 'changed' | 'failed' | 'result'> {
  if ('failed' in amended) return { failed: amended.failed };
  const { changed, before, after, text, result } = amended;
  return {
    changed,
    result: () => ({
      ...result,
      ...(xmlstring ? { xmlstring: text } : {}),
      ...(diffMode && changed ? { diff: { before, after } } : {}),
    }),
  };
}

/**
 * Loads the library only for a task that needs it: it takes a tenth of a second. What it throws it also says by the
 * `console.error` that it finds while it is loaded; nothing else of the program uses that.
 */
async function loadAmend(): Promise<typeof import('./amend.ts')['amend']> {
  const { error } = console;
  console.error = () => undefined;
  try {
    return (await import('./amend.ts')).amend;
  } finally {
    console.error = error;
  }
}
