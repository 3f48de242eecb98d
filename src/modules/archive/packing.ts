import type { CommandSpec } from '../../resources/index.ts';
import type { Members } from './members.ts';
import type { Params } from './params.ts';

/** What the script says last when the archive was the same already. */
export const SAME = 'same';

// $1 format, $2 the archive, $3 folder of the names, $4 the file that is only compressed, then what is removed. Standard input: the names.
const PACK = `
set -e
format=$1 dest=$2 root=$3 single=$4
shift 4
need() { command -v "$1" >/dev/null || { echo "there is no program $1 on the target" >&2; exit 127; }; }
case $format in gz) tool=gzip ;; bz2) tool=bzip2 ;; xz) tool=xz ;; tar) tool=cat ;; zip) tool=zip ;; esac
need "$tool"
folder=$(mktemp -d "$dest.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cat >"$folder/names"
unpacked() {
  case $format in
    zip) unzip -v "$1" | sed '1d' ;;
    tar) cat "$1" ;;
    *) "$tool" -dc "$1" ;;
  esac
}
if [ "$format" = zip ]; then
  need unzip
  (cd "$root" && zip -q -X "$folder/made.zip" -@ <"$folder/names")
  mv "$folder/made.zip" "$folder/made"
elif [ -n "$single" ]; then "$tool" -c <"$single" >"$folder/made"
else
  tar -c -f "$folder/plain" -C "$root" --no-recursion -T "$folder/names"
  "$tool" <"$folder/plain" >"$folder/made"
  rm "$folder/plain"
fi
now=$(unpacked "$folder/made" | cksum)
if [ -f "$dest" ] && [ "$(unpacked "$dest" 2>/dev/null | cksum)" = "$now" ]; then said=${SAME}
elif [ -f "$dest" ]; then said=made; cat "$folder/made" >"$dest"
else said=made; mv "$folder/made" "$dest"
fi
if [ $# != 0 ]; then rm -rf "$@"; fi
echo "$said"
`;

/** Gives the command that packs the members, unless the archive that is there holds the same. */
export function packing(given: Params, members: Members, dest: string, compresses: boolean): CommandSpec {
  const names = members.found.map((path) => `${path.slice(members.root.length)}\n`).join('');
  const gone = given.remove ? members.paths.filter((path) => !members.missing.includes(path)) : [];
  const removed = gone.filter((path) => !members.excluded.includes(path));
  const single = compresses ? members.found[0]! : '';
  return {
    argv: ['/bin/sh', '-c', PACK, 'sh', given.format, dest, members.root, single, ...removed],
    stdin: names,
  };
}
