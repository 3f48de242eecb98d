import type { Params } from './params.ts';

/** Fields in the order of the file, by parameter. */
const FIELDS = {
  allow_downgrade_to_insecure: 'Allow-Downgrade-To-Insecure',
  allow_insecure: 'Allow-Insecure',
  allow_weak: 'Allow-Weak',
  architectures: 'Architectures',
  by_hash: 'By-Hash',
  check_date: 'Check-Date',
  check_valid_until: 'Check-Valid-Until',
  components: 'Components',
  date_max_future: 'Date-Max-Future',
  enabled: 'Enabled',
  inrelease_path: 'InRelease-Path',
  languages: 'Languages',
  name: 'X-Repolib-Name',
  pdiffs: 'PDiffs',
  signed_by: 'Signed-By',
  suites: 'Suites',
  targets: 'Targets',
  trusted: 'Trusted',
  types: 'Types',
  uris: 'URIs',
} as const;

/** Gives the text of a sources file, as in sources.list(5). `signedBy`: what counts instead of the parameter. */
export function sourcesText(given: Params, signedBy: string | undefined): string {
  const values = { ...given, signed_by: signedBy };
  return Object.entries(FIELDS)
    .flatMap(([name, field]) => {
      const value = values[name as keyof typeof FIELDS];
      return value === undefined ? [] : [`${field}: ${written(value)}\n`];
    })
    .join('');
}

function written(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.join(' ');
  const lines = String(value).trim().split('\n');
  if (lines.length === 1) return lines[0]!;
  // Further lines are indented, and an empty one is a dot.
  return ['', ...lines]
    .map((line) => (line.trim() === '' ? ' .' : ` ${line}`))
    .join('\n')
    .replace(/^ \./, '');
}
