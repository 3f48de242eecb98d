/** How JSON is laid out. Without `indent`: one line, with a blank behind commas and colons. */
export interface JsonLayout {
  /** Blanks for each level. */
  readonly indent?: number;
  /** What stands between lines: nothing, where a reader wants them in one. */
  readonly lineEnd?: string;
}

/** Writes JSON with sorted keys, as Ansible prints results and figures: scripts take them from its output. */
export function sortedJson(value: unknown, layout: JsonLayout = {}, depth = 1): string {
  const { indent, lineEnd = '\n' } = layout;
  const line = (level: number) => (indent === undefined ? '' : lineEnd + ' '.repeat(indent * level));
  const enclosed = (open: string, parts: string[], close: string) =>
    parts.length === 0
      ? open + close
      : open +
        line(depth) +
        parts.join(indent === undefined ? ', ' : `,${line(depth)}`) +
        line(depth - 1) +
        close;
  if (Array.isArray(value))
    return enclosed(
      '[',
      value.map((item) => sortedJson(item, layout, depth + 1)),
      ']',
    );
  if (!isPlain(value)) return JSON.stringify(value) ?? 'null';
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}: ${sortedJson(value[key], layout, depth + 1)}`);
  return enclosed('{', parts, '}');
}

/** Numbers of kinds that JavaScript lacks are objects too, and write themselves. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}
