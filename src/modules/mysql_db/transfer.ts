import { type CommandSpec, quote, splitWords } from '../../resources/index.ts';
import { loggedIn } from '../mysql_client/client.ts';
import { meansAll, type Params } from './params.ts';

const PACKERS = [
  { end: '.gz', pack: 'gzip', unpack: 'gzip -dc' },
  { end: '.bz2', pack: 'bzip2', unpack: 'bzip2 -dc' },
  { end: '.xz', pack: 'xz', unpack: 'xz -dc' },
] as const;

/** A dump or an import: how it runs, and how it reads in the result. */
interface Transfer {
  readonly spec: CommandSpec;
  readonly shown: string;
}

/** Gives how databases are written to a file. A dump that fails leaves the file as it was. */
export function dump(given: Params): Transfer {
  const words = dumpWords(given);
  const packer = PACKERS.find(({ end }) => given.target?.endsWith(end));
  const script = `
program mysqldump mariadb-dump
to=$1 packer=$2
shift 2
new=$(mktemp "$to.XXXXXX") || exit
trap 'rm -rf "$folder" "$new"' EXIT
if [ -z "$packer" ]; then tool "$name" "$@" >"$new" || exit
else
  { tool "$name" "$@" || : >"$folder/failed"; } | "$packer" >"$new" || exit
  [ ! -e "$folder/failed" ] || exit 1
fi
if [ -e "$to" ]; then cat "$new" >"$to"; else chmod "$(printf %o $((0666 & ~0$(umask))))" "$new" && mv -f "$new" "$to"; fi
`;
  const file = quote(given.target!);
  const shown = ['mysqldump', ...words.map(quote), ...(packer ? ['|', packer.pack] : []), '>', file].join(
    ' ',
  );
  return { spec: loggedIn(given, script, [given.target!, packer?.pack ?? '', ...words]), shown };
}

function dumpWords(given: Params): string[] {
  const which = meansAll(given)
    ? ['--all-databases']
    : given.name.length > 1
      ? ['--databases', ...given.name]
      : [...given.name];
  const flags: [boolean, string][] = [
    [given.force, '--force'],
    [given.skip_lock_tables, '--skip-lock-tables'],
    [given.single_transaction, '--single-transaction=true'],
    [given.quick, '--quick'],
    [given.hex_blob, '--hex-blob'],
    [given.master_data !== 0, `--master-data=${given.master_data}`],
    [given.encoding !== '', `--default-character-set=${given.encoding}`],
  ];
  return [
    ...flags.flatMap(([on, flag]) => (on ? [flag] : [])),
    ...given.ignore_tables.map((table) => `--ignore-table=${table}`),
    ...splitWords(given.dump_extra_args ?? ''),
    ...which,
  ];
}

/** Gives how a file is read into a database. */
export function importing(given: Params): Transfer {
  const words = [
    ...(given.encoding === '' ? [] : [`--default-character-set=${given.encoding}`]),
    ...(given.force ? ['-f'] : []),
    ...(meansAll(given) ? [] : ['--one-database', given.name[0]!]),
  ];
  const unpack = PACKERS.find(({ end }) => given.target?.endsWith(end))?.unpack;
  const script = `
from=$1 unpack=$2
shift 2
if [ -z "$unpack" ]; then tool "$client" "$@" <"$from"; exit; fi
# shellcheck disable=SC2086
{ $unpack "$from" || : >"$folder/failed"; } | tool "$client" "$@" || exit
[ ! -e "$folder/failed" ]
`;
  const file = quote(given.target!);
  const client = ['mysql', ...words.map(quote)].join(' ');
  const spec = loggedIn(given, script, [given.target!, unpack ?? '', ...words]);
  return {
    spec: given.chdir === undefined ? spec : { ...spec, cwd: given.chdir },
    shown: unpack === undefined ? `${client} < ${file}` : `${unpack} ${file} | ${client}`,
  };
}
