/**
 * The kinds of values that module parameters take, with the coercions that hands know from Ansible: `yes` is true,
 * `"8080"` is a number where a number is wanted, `a,b` is a list where a list is wanted.
 */
import { z } from 'zod';
import { compileRegex, RegexFault } from '../regex/index.ts';
import { BigInteger, booleanOf, Float, isMapping, numberText } from '../values/index.ts';
import { mappingOf } from './mapping-text.ts';
import { modeError, normalizeMode } from './mode.ts';
import { named, onTarget } from './schema.ts';

export { withAliases } from './schema.ts';

function asNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(value)) return value;
  return Number(value);
}

/** Gives a scalar as text the way Python prints it; lists, mappings and the like stay what they are. */
function asText(value: unknown): unknown {
  if (typeof value === 'number' || value instanceof Float || value instanceof BigInteger)
    return numberText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value;
}

function asList(value: unknown): unknown {
  if (typeof value === 'string') {
    return value === '' ? [] : value.split(',').map((part) => part.trim());
  }
  if (Array.isArray(value)) return value;
  return value === null || value === undefined || isMapping(value) ? value : [value];
}

/** yes, no, on, off, true, false, 1, 0, as word or value. */
export const boolean = named(
  'boolean',
  z.preprocess((value) => booleanOf(value) ?? value, z.boolean()),
);

/** A whole number, also as text. */
export const integer = named('integer', z.preprocess(asNumber, z.int()));

/** A number, also as text. */
export const number = named('number', z.preprocess(asNumber, z.number()));

/** Text. Numbers and booleans become text. */
export const text = named('string', z.preprocess(asText, z.string()));

/** A Python regular expression. One that cannot be used is refused before anything runs, or where it is reached when Python cannot either. */
export const regex = named(
  'string',
  text.superRefine((pattern, { addIssue }) => {
    try {
      compileRegex(pattern);
    } catch (error) {
      const whereReached = error instanceof RegexFault && !error.onlyHere;
      addIssue({ code: 'custom', message: (error as Error).message, params: { whereReached } });
    }
  }),
);

const anyPath = () => named('path', z.preprocess(asText, z.string().min(1, 'must not be empty')));

/** A path on the target. Modules see it absolute: `~`, environment variables and relative paths mean those of the user who acts, relative ones where its shell starts. */
export const path = onTarget(anyPath());

/** A path that is taken as it is written: of the controller, from a place that the module knows, or the name of a program. */
export const writtenPath = anyPath();

const onePath = (path: z.ZodString) =>
  onTarget(
    named(
      'path',
      z.preprocess((value) => {
        const given = asText(value);
        return typeof given === 'string' ? given.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1') : given;
      }, path),
    ),
  );

/** A path on the target that names one thing: a slash at its end says nothing, and doubled ones are one. */
export const plainPath = onePath(z.string().min(1, 'must not be empty'));

/** The same, or an empty text: where that means something. */
export const plainPathOrEmpty = onePath(z.string());

/** A list of texts, or one text with commas. */
export const strings = named('list', z.preprocess(asList, z.array(text)));

/** A list of paths on the target, or one text with commas. */
export const paths = onTarget(named('list', z.preprocess(asList, z.array(path))));

/** Any list; a lone value becomes a list of one. */
export const list = named(
  'list',
  z.preprocess((value) => (isMapping(value) ? [value] : asList(value)), z.array(z.unknown())),
);

/** A list of conditions; a lone one becomes a list of one, commas and all. */
export const conditions = named(
  'list',
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(z.unknown()),
  ),
);

/** A mapping of anything, also as text: `A=b,C=d` or JSON. */
export const mapping = named(
  'mapping',
  z.preprocess(mappingOf, z.record(z.string(), z.unknown(), 'must be a mapping, or a text like A=b,C=d')),
);

/** Whatever was written. */
export const anything = named('any', z.unknown());

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return named('choice', z.enum(words));
}

/** Permission bits: `'0644'` or `u=rw,g=r,o=r`. Gives four octal digits or the symbolic text. */
export const mode = named(
  'mode',
  z.preprocess(
    normalizeMode,
    z.custom<string>((value) => modeError(value) === undefined, {
      error: (issue) => modeError(issue.input) ?? 'is no mode',
    }),
  ),
);

/** `mode` that may also be `preserve`: as the source file has it. */
export const modeOrPreserve = named(
  'mode',
  z.preprocess(
    (value) => (value === 'preserve' ? value : normalizeMode(value)),
    z.custom<string>((value) => value === 'preserve' || modeError(value) === undefined, {
      error: (issue) => modeError(issue.input) ?? 'is no mode',
    }),
  ),
);

const ignoredLabel = text
  .optional()
  .describe('SELinux label part. Accepted; labels stay as the policy of the target sets them.');

/** The name or number of a user or group: an empty one is a variable that was forgotten. */
const account = named('string', z.preprocess(asText, z.string().min(1, 'must not be empty')));

/** Owner, group, mode and what else nearly every file module takes. */
export const fileAttributes = {
  mode: mode.optional().describe("Permission bits, as '0644' or u=rw,g=r,o=r."),
  owner: account.optional().describe('User name or number that owns the file.'),
  group: account.optional().describe('Group name or number of the file.'),
  seuser: ignoredLabel,
  serole: ignoredLabel,
  setype: ignoredLabel,
  selevel: ignoredLabel,
  attributes: z
    .unknown()
    .refine((value) => value === undefined || value === '', {
      error: 'is not supported by this module: set them by a task of the module file',
    })
    .optional()
    .describe('Flags of chattr. Refused here: the module `file` sets them.'),
  unsafe_writes: boolean
    .default(false)
    .describe('Write in place when the file cannot be replaced by a rename (a bind mount).'),
} as const;

/** The same for modules that put one file or folder somewhere, and can set its flags. */
export const flaggedAttributes = {
  ...fileAttributes,
  attributes: named(
    'string',
    z.preprocess(
      (value) => (value === '' ? undefined : value),
      text
        .refine((flags) => /^[-+=]?[A-Za-z]+$/.test(flags), 'must be flags of chattr, as "+i" or "-i"')
        .optional(),
    ),
  ).describe('Flags of chattr: `+i`, `-i`, or `Ade` for these and no others.'),
} as const;

/** Gives the warnings that accepted but ignored attributes deserve. */
export function attributeWarnings(params: {
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}): string[] {
  const given = (['seuser', 'serole', 'setype', 'selevel'] as const).filter(
    (name) => params[name] !== undefined,
  );
  if (given.length === 0) return [];
  return [`${given.join(', ')}: SELinux labels are left to the policy of the target`];
}
