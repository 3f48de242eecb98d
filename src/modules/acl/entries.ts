/** An entry as setfacl(1) takes it, and whether it is a default. */
export interface Entry {
  readonly text: string;
  readonly isDefault: boolean;
}

const TYPES = ['user', 'group', 'mask', 'other'];

/** Permissions: letters, or one digit of octal. */
export const PERMISSIONS = /^([rwxX-]*|[0-7])$/;

/** Reads `[default:]user:joe:rw-`; without permissions when it is to be removed. Undefined when it is none. */
export function entryIn(written: string, removed: boolean): Entry | undefined {
  const parts = written.split(':');
  const isDefault = /^d(efault)?$/.test(parts[0] ?? '');
  const [typed = '', who = '', permissions = ''] = isDefault ? parts.slice(1) : parts;
  const type = TYPES.find((name) => name === typed || name[0] === typed);
  if (type === undefined || parts.length > 4 || !PERMISSIONS.test(permissions)) return undefined;
  if (!removed && permissions === '') return undefined;
  return { text: [type, who, ...(removed ? [] : [permissions])].join(':'), isDefault };
}

/** Gives the lines of a list, as `acl` of the result has them. */
export function readEntries(output: string): string[] {
  return output.trimEnd() === '' ? [] : output.trimEnd().split('\n');
}

/** Whether `setfacl --test` says that something would change: a file that stays as it is ends with `*,*`. */
export function wouldChange(rehearsed: string): boolean {
  return rehearsed.split('\n').some((line) => line !== '' && !line.endsWith(': *,*'));
}
