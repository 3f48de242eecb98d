import { type FileContent, fileContent, type Observed, type Probe } from '../../resources/index.ts';
import { isMapping, isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { editNeeds, planEdit } from '../text-file.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { editToml, readToml } from './edit.ts';
import { type TomlParams, tomlParams } from './params.ts';

export default defineModule<TomlParams>({
  name: 'toml',
  summary:
    'Edits a TOML file key by key. Comments and order stay, and nothing is written that does not read back as wanted.',
  params: tomlParams,
  needs: (params, seen) => [...editNeeds(params.path, seen, params), ...sources(params).map(sourceProbe)],
  plan: (params, seen, context) => {
    const texts = new Map<string, string>();
    for (const path of sources(params)) {
      const text = sourceText(path, seen);
      if (isUnknown(text)) return unknownPlan(text);
      if (typeof text !== 'string') return { changes: [], failed: text.failed };
      texts.set(path, text);
    }
    return planEdit(
      {
        params,
        missing: params.create || params.base !== undefined ? 'make' : 'fail',
        edit: (file) => {
          const start = params.base === undefined ? file.text : texts.get(params.base)!;
          const wishes = {
            merge: merges(params, texts, context),
            remove: params.remove,
            set: params.set,
            append: params.append,
          };
          const { text, ...keys } = editToml(start, wishes, params.base ?? params.path);
          const count = keys.changed.length + keys.added.length + keys.removed.length;
          return {
            text,
            msg: text === file.text ? '' : count === 0 ? 'text taken over' : `${count} keys edited`,
            result: { ...keys, value: readToml(text, params.path) },
          };
        },
      },
      seen,
      context,
    );
  },
});

/** Files of the target that the edit starts from or takes in. */
function sources(params: TomlParams): string[] {
  return [params.base, params.merge_from].filter((path) => path !== undefined);
}

function sourceProbe(path: string): Probe<FileContent> {
  return fileContent(path, { follow: true });
}

function sourceText(path: string, seen: Observed): string | Unknown | { readonly failed: string } {
  const file = answer(seen, sourceProbe(path));
  if (isUnknown(file)) return file;
  if (file.type === 'absent') return { failed: `${path} does not exist` };
  return file.bytes ? file.bytes.toString('utf8') : { failed: `${path} cannot be read` };
}

function merges(
  params: TomlParams,
  texts: ReadonlyMap<string, string>,
  context: PlanContext,
): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  if (params.merge_from !== undefined) found.push(readToml(texts.get(params.merge_from)!, params.merge_from));
  if (isMapping(params.merge)) found.push(params.merge);
  else if (typeof params.merge === 'string') {
    const file = context.findFile(params.merge, 'files');
    found.push(readToml(context.readText(file), file));
  }
  return found;
}
