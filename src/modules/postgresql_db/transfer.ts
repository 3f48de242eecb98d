import { type CommandSpec, quote, splitWords } from '../../resources/index.ts';
import { loggedIn } from '../postgresql_client/client.ts';
import type { Params } from './params.ts';

const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };
const FORMATS: Readonly<Record<string, string>> = { tar: 't', pgc: 'c', dir: 'd' };

/** A dump or a restoration: how it runs, and how it reads in the result. */
interface Transfer {
  readonly spec: CommandSpec;
  readonly shown: string;
}

// $1 the file, $2 the program that packs, $3 the format; then what pg_dump gets. A dump that fails leaves the file as it was.
const DUMP = `
program pg_dump
to=$1 packer=$2 format=$3
shift 3
set -- -w -d "$info" "$@"
[ -z "$format" ] || set -- "$@" --format="$format"
if [ "$format" = d ]; then pg_dump "$@" --file="$to"; exit; fi
new=$(mktemp "$to.XXXXXX") || exit
trap 'rm -f "$new" "$new.failed"' EXIT
if [ -z "$packer" ]; then pg_dump "$@" >"$new" || exit
else
  { pg_dump "$@" || : >"$new.failed"; } | "$packer" >"$new" || exit
  [ ! -e "$new.failed" ] || exit 1
fi
if [ -e "$to" ]; then cat "$new" >"$to"; else chmod "$(printf %o $((0666 & ~0$(umask))))" "$new" && mv -f "$new" "$to"; fi
`;

// $1 the file, $2 the program that unpacks, $3 the format; then what psql or pg_restore gets.
const RESTORE = `
from=$1 packer=$2 format=$3
shift 3
[ -e "$from" ] || { echo "cannot open $from: No such file" >&2; exit 2; }
if [ "$format" = d ]; then program pg_restore; pg_restore -w -d "$info" --format=d "$@" "$from"; exit; fi
if [ -n "$format" ]; then program pg_restore; pg_restore -w -d "$info" --format="$format" "$@" <"$from"; exit; fi
if [ -z "$packer" ]; then psql -w -d "$info" "$@" <"$from"; exit; fi
failed=$(mktemp) || exit
trap 'rm -f "$failed"' EXIT
{ "$packer" -dc "$from" || echo failed >"$failed"; } | psql -w -d "$info" "$@" || exit
[ ! -s "$failed" ]
`;

/** Gives how the database is written to `target`, or read from it. */
export function transfer(given: Params): Transfer {
  const target = given.target!;
  const ending = /\.(\w+)$/.exec(target)?.[1] ?? '';
  const [packer, format] = [PACKERS[ending] ?? '', FORMATS[ending] ?? ''];
  const dumps = given.state === 'dump';
  const extra = [...splitWords(given.target_opts), ...splitWords((dumps && given.dump_extra_args) || '')];
  const spec = loggedIn(given, given.name, dumps ? DUMP : RESTORE, [target, packer, format, ...extra]);
  const program = dumps ? 'pg_dump' : format === '' ? 'psql' : 'pg_restore';
  const words = [
    program,
    ...(dumps ? [quote(given.name)] : [`--dbname=${quote(given.name)}`]),
    ...(given.login_host === '' ? [] : [`--host=${given.login_host}`]),
    `--port=${given.port}`,
    `--username=${given.login_user}`,
    ...(format === '' ? [] : [`--format=${format}`]),
    ...extra,
  ].join(' ');
  const file = quote(target);
  if (packer === '') return { spec, shown: `${words} ${dumps ? '>' : '<'} ${file}` };
  return { spec, shown: dumps ? `${words} | ${packer} > ${file}` : `${packer} -dc ${file} | ${words}` };
}
