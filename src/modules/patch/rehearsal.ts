/** A file as patching leaves it. */
export interface Patched {
  /** As the patch names it, without the folders that are stripped. */
  readonly path: string;
  /** Undefined: it goes. */
  readonly bytes: Buffer | undefined;
  readonly isProgram: boolean;
}

/**
 * $1 the folder, $2 the only file or nothing, $3 present or absent, $4 `backup` or nothing, $5 the patch, or nothing when it is
 * standard input; then flags. Prints nothing when the patch is in already, else what `readPatched` reads. A patch that does not
 * fit ends with 1 and what patch says of it.
 */
export const REHEARSE = `
base=$1 only=$2 state=$3 backup=$4 from=$5
shift 5
command -v patch >/dev/null || { echo "there is no program patch on the target" >&2; exit 127; }
cd "$base" || exit 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
if [ -n "$from" ]; then cat "$from" >"$folder/patch" || exit 2; else cat >"$folder/patch"; fi
set -- --forward --reject-file=- --quoting-style=literal --input="$folder/patch" "$@"
if [ "$state" = present ]; then ahead= back=--reverse; else ahead=--reverse back=; fi
if patch --quiet --dry-run $back "$@" \${only:+"$only"} >/dev/null 2>&1; then exit 0; fi
patch --quiet --dry-run $ahead "$@" \${only:+"$only"} 2>&1 || exit 1
mkdir "$folder/tree"
if [ -n "$only" ]; then printf '%s\\n' "$only"
else patch --dry-run $ahead "$@" | sed -n 's/^checking file //p'
fi | sort -u >"$folder/names"
inside() { case $1 in /*) printf '%s' ".$1" ;; *) printf '%s' "./$1" ;; esac; }
while IFS= read -r name; do
  copy=$folder/tree/$(inside "$name")
  mkdir -p "\${copy%/*}"
  if [ -e "$name" ]; then cat "$name" >"$copy" || exit 2; fi
  for kept in "$name".~*~; do
    if [ -e "$kept" ]; then : >"$folder/tree/$(inside "$kept")"; fi
  done
done <"$folder/names"
[ -z "$backup" ] || set -- --backup --version-control=numbered "$@"
(cd "$folder/tree" && patch --quiet $ahead "$@" \${only:+"$(inside "$only")"}) >"$folder/said" 2>&1 || { cat "$folder/said"; exit 1; }
tell() {
  copy=$folder/tree/$(inside "$1")
  if [ ! -e "$copy" ]; then printf 'gone - 0 %s\\n' "$1"; return; fi
  if [ -x "$copy" ]; then kind=program; else kind=plain; fi
  printf 'file %s %s %s\\n' "$kind" "$(($(wc -c <"$copy")))" "$1"
  cat "$copy"
}
while IFS= read -r name; do
  tell "$name"
  [ -n "$backup" ] || continue
  for copy in "$folder/tree/$(inside "$name")".~*~; do
    kept=$name\${copy#"$folder/tree/$(inside "$name")"}
    if [ -e "$copy" ] && [ ! -e "$kept" ]; then tell "$kept"; fi
  done
done <"$folder/names"
`;

/** Reads what the rehearsal printed. */
export function readPatched(output: Buffer): Patched[] {
  const files: Patched[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at);
    const [, state, kind, size, path] =
      /^(file|gone) (\S+) (\d+) (.*)$/.exec(output.toString('utf8', at, end)) ?? [];
    if (path === undefined) break;
    const bytes = output.subarray(end + 1, end + 1 + Number(size));
    files.push({ path, bytes: state === 'gone' ? undefined : bytes, isProgram: kind === 'program' });
    at = end + 1 + Number(size);
  }
  return files;
}
