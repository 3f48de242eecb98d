import { type Content, knownBytes } from '../content.ts';
import type { FrameParts } from '../frame.ts';
import { formatMode } from '../mode.ts';
import { escapeField, quote } from '../shell.ts';
import { splitWords } from '../words.ts';
import type { FileDetail } from './detail.ts';

const EMPTY_SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Gives the lines of a frame that make one file change (see runtime/apply.sh). */
export function fileScript(detail: FileDetail, parts: FrameParts): string[] {
  const lines = [
    `co_r=file co_p=${quote(detail.path)} co_q=${escapeField(detail.path)}`,
    `co_e=${quote(detail.expect)} co_a=${quote(plannedPicture(detail))}`,
  ];
  if (detail.owned) lines.push('co_flags=owned');
  if (detail.mode !== undefined) lines.push(`co_m=${formatMode(detail.mode)}`);
  if (detail.owner !== undefined || detail.group !== undefined)
    lines.push(`co_o=${quote(ownerWord(detail))}`);
  switch (detail.action) {
    case 'write':
      lines.push(...writeLines(detail, parts));
      break;
    case 'attributes':
      lines.push('co_attributes');
      break;
    case 'directory':
      lines.push('co_folder');
      break;
    case 'link':
      lines.push(`co_to=${quote(detail.target!)}`, 'co_link');
      break;
    case 'hard':
      lines.push(`co_hard=${quote(detail.target!)}`, 'co_link');
      break;
    case 'remove':
      lines.push('co_remove');
      break;
    case 'touch':
      lines.push(`co_mt=${detail.mtime ?? 'now'} co_at=${detail.atime ?? 'now'}`, 'co_touch_file');
  }
  return lines;
}

/** Gives `owner`, `owner:group` or `:group` for chown. */
export function ownerWord(item: { readonly owner?: string; readonly group?: string }): string {
  return item.group === undefined ? (item.owner ?? '') : `${item.owner ?? ''}:${item.group}`;
}

/** Gives the shell command that prints a content on the host. */
function contentCommand(content: Content, parts: FrameParts): string {
  if ('target' in content.from) return `cat ${quote(content.from.target)}`;
  const bytes = knownBytes(content);
  return bytes ? parts.bytes(bytes) : parts.file((content.from as { file: string }).file, content.size);
}

function writeLines(detail: FileDetail, parts: FrameParts): string[] {
  const { content } = detail;
  const lines = [`co_h=${content?.sha256 ?? EMPTY_SHA}`];
  if (content && content.size > 0) lines.push(`co_c=${quote(contentCommand(content, parts))}`);
  if (detail.validate !== undefined) lines.push(`co_v=${quote(validateCommand(detail.validate))}`);
  if (detail.unsafeWrites) lines.push('co_unsafe=1');
  return [...lines, 'co_write'];
}

/** `%s` becomes the temporary file; each word is one argument, no shell reads it (as with Ansible). */
function validateCommand(command: string): string {
  return splitWords(command)
    .map((word) =>
      word
        .split('%s')
        .map((part) => (part === '' ? '' : quote(part)))
        .join('"$co_tmp"'),
    )
    .map((word) => (word === '' ? "''" : word))
    .join(' ');
}

/** The picture that the path will have, `*` for what is known only afterwards. */
function plannedPicture(detail: FileDetail): string {
  const [type = '', ...old] = detail.expect.split(',');
  const mode = detail.mode === undefined ? '*' : formatMode(detail.mode);
  const id = (name: string | undefined) => (name !== undefined && /^[0-9]+$/.test(name) ? name : '*');
  const ids = `${id(detail.owner)},${id(detail.group)}`;
  switch (detail.action) {
    case 'remove':
      return 'absent';
    case 'write':
      return `file,${mode},${ids},${detail.content?.sha256 ?? EMPTY_SHA}`;
    case 'directory':
      return `directory,${mode},${ids},-`;
    case 'link':
      return `link,*,${ids},${escapeField(detail.target!)}`;
    case 'hard':
      return 'file,*,*,*,*';
    case 'touch':
      return type === 'absent' ? `file,${mode},${ids},${EMPTY_SHA}` : `${type},*,*,*,${old[3] ?? '*'}`;
    case 'attributes':
      return `${type},${mode === '*' ? old[0] : mode},${detail.owner === undefined ? old[1] : id(detail.owner)},${detail.group === undefined ? old[2] : id(detail.group)},${old[3]}`;
  }
}
