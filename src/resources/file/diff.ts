import { knownBytes } from '../content.ts';
import { formatMode } from '../mode.ts';
import type { FileOptions } from '../specs.ts';
import type { FileContent, FileState } from '../states.ts';
import type { Diff } from '../types.ts';
import type { FileDetail } from './detail.ts';

/** Larger contents are not put into a diff. The same limit as Ansible's (documented: `max_diff_size`, bytes). */
export const DIFF_BYTES = 104448;

/** Gives the readable difference between what was found and what a change makes of it. */
export function fileDiff(found: FileState | FileContent, detail: FileDetail, options: FileOptions): Diff {
  const prepared = attributeLines(found, detail);
  if (detail.action === 'write' && detail.content) {
    const headers = {
      beforeHeader: options.beforeHeader ?? found.path,
      afterHeader: options.afterHeader ?? found.path,
    };
    if (options.secret) return { ...headers, prepared: ['content: secret', ...prepared].join('\n') };
    const before = beforeText(found);
    const after = asText(knownBytes(detail.content));
    if (before !== undefined && after !== undefined)
      return { ...headers, before, after, ...(prepared.length > 0 && { prepared: prepared.join('\n') }) };
    const line = `content: ${found.sha256?.slice(0, 12) ?? found.type} -> ${detail.content.sha256.slice(0, 12)} (${detail.content.size} bytes)`;
    return { ...headers, prepared: [line, ...prepared].join('\n') };
  }
  return { prepared: prepared.join('\n') };
}

function beforeText(found: FileState | FileContent): string | undefined {
  if (found.type !== 'file') return '';
  return 'bytes' in found && !found.truncated ? asText(found.bytes) : undefined;
}

/** Gives undefined for what is no text or too long. */
function asText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length > DIFF_BYTES || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function attributeLines(found: FileState, detail: FileDetail): string[] {
  const lines: string[] = [];
  const wantedType = {
    write: 'file',
    directory: 'directory',
    link: 'link',
    hard: 'hard link',
    remove: 'absent',
  } as const;
  const type = detail.action in wantedType ? wantedType[detail.action as keyof typeof wantedType] : undefined;
  if (type !== undefined && type !== found.type) lines.push(`state: ${found.type} -> ${type}`);
  if (detail.action === 'touch')
    lines.push(found.type === 'absent' ? 'state: absent -> file' : 'times: touched');
  if (detail.target !== undefined) lines.push(`target: ${found.target ?? '-'} -> ${detail.target}`);
  if (detail.mode !== undefined && detail.mode !== found.mode)
    lines.push(
      `mode: ${found.mode === undefined ? '-' : formatMode(found.mode)} -> ${formatMode(detail.mode)}`,
    );
  if (detail.owner !== undefined && detail.owner !== found.owner && detail.owner !== String(found.uid))
    lines.push(`owner: ${found.owner ?? '-'} -> ${detail.owner}`);
  if (detail.group !== undefined && detail.group !== found.group && detail.group !== String(found.gid))
    lines.push(`group: ${found.group ?? '-'} -> ${detail.group}`);
  return lines;
}
