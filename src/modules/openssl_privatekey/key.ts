import { type CommandResult, type CommandSpec, commandOutput, type Probe } from '../../resources/index.ts';
import { madeFile, type Setting } from '../setting.ts';
import { opensslCurve } from './curves.ts';
import type { Params } from './params.ts';

/** A key as it is. */
export interface Key {
  readonly state: 'absent' | 'broken' | 'readable';
  readonly isProtected: boolean;
  readonly format: 'pkcs1' | 'pkcs8';
  readonly type: string | undefined;
  readonly bits: number | undefined;
  /** As OpenSSL calls it. */
  readonly curve: string | undefined;
  /** The public key, PEM. */
  readonly publicKey: string;
  /** The key itself, where it was asked for. */
  readonly content: string;
}

// $1 the path, $2 yes: the key too. The passphrase is the first line of standard input, and goes by the environment.
const START = `
path=$1 whole=$2
IFS= read -r CUTOVER_PASSPHRASE || :
export CUTOVER_PASSPHRASE
command -v openssl >/dev/null || { echo "there is no program openssl on the target" >&2; exit 127; }
`;
const SHOW = `
show() {
  [ -e "$path" ] || { echo absent; return; }
  text=$(openssl pkey -in "$path" -passin env:CUTOVER_PASSPHRASE -noout -text_pub 2>/dev/null </dev/null) || { echo broken; return; }
  if grep -q ENCRYPTED "$path"; then echo protected; else echo open; fi
  head -n 1 "$path"
  printf '%s\\n' "$text" | grep -v '^ '
  openssl pkey -in "$path" -passin env:CUTOVER_PASSPHRASE -pubout
  if [ "$whole" = yes ]; then
    echo "-- key"
    cat "$path"
  fi
}
`;

// What comes after: $3 pkcs1 or pkcs8, $4 where the old key is kept, then what genpkey gets; nothing: the key is converted.
const MAKE = `${START}${SHOW}
set -e
format=$3 backup=$4
shift 4
umask 077
folder=$(mktemp -d "$path.XXXXXX")
trap 'rm -rf "$folder"' EXIT
if [ $# = 0 ]; then openssl pkey -in "$path" -passin env:CUTOVER_PASSPHRASE -out "$folder/made"
elif [ "$1" = DSA ]; then
  openssl genpkey -genparam -algorithm DSA -pkeyopt "dsa_paramgen_bits:$2" -out "$folder/params" 2>/dev/null
  openssl genpkey -paramfile "$folder/params" -out "$folder/made" 2>/dev/null
else openssl genpkey -out "$folder/made" "$@" 2>"$folder/said" || { cat "$folder/said" >&2; exit 1; }
fi
set -- -in "$folder/made" -out "$folder/key"
[ "$format" != pkcs1 ] || set -- "$@" -traditional
[ -z "$CUTOVER_PASSPHRASE" ] || set -- "$@" -aes256 -passout env:CUTOVER_PASSPHRASE
openssl pkey "$@"
if [ -n "$backup" ] && [ -e "$path" ]; then cp -p "$path" "$backup"; fi
mv -f "$folder/key" "$path"
show
`;

function told(given: Params): string {
  return `${given.passphrase ?? ''}\n`;
}

/** Asks for the key. */
export function keyProbe(given: Params): Probe<CommandResult> {
  return commandOutput({
    argv: ['/bin/sh', '-c', `${START}${SHOW}show`, 'sh', given.path, given.return_content ? 'yes' : ''],
    stdin: told(given),
  });
}

/** Reads the answer, or what making a key printed. */
export function readKey(output: string): Key {
  const [shown = '', content = ''] = output.split(/^-- key\n/m);
  const [first = '', begin = '', ...lines] = shown.split('\n');
  const text = lines.join('\n');
  const [, named] = /^(ED25519|ED448|X25519|X448) /m.exec(text) ?? [];
  const curve = /^ASN1 OID: (\S+)/m.exec(text)?.[1];
  const kinds: Readonly<Record<string, string>> = { ED25519: 'Ed25519', ED448: 'Ed448' };
  const other = curve === undefined ? (/^Modulus:/m.test(text) ? 'RSA' : 'DSA') : 'ECC';
  const size = /\((\d+) bit/.exec(text)?.[1];
  return {
    state: first === 'absent' ? first : first === 'open' || first === 'protected' ? 'readable' : 'broken',
    isProtected: first === 'protected',
    format: /BEGIN (?:ENCRYPTED )?PRIVATE KEY/.test(begin) ? 'pkcs8' : 'pkcs1',
    type: named === undefined ? other : (kinds[named] ?? named),
    bits: size === undefined ? undefined : Number(size),
    curve,
    publicKey: /-----BEGIN PUBLIC[\s\S]*/.exec(text)?.[0] ?? '',
    content,
  };
}

/** Gives the command that makes the key, or converts the one that is there. */
export function making(
  given: Params,
  wish: { readonly format: Key['format']; readonly backup: string | undefined; readonly converts: boolean },
): CommandSpec {
  return {
    argv: [
      '/bin/sh',
      '-c',
      MAKE,
      'sh',
      given.path,
      given.return_content ? 'yes' : '',
      wish.format,
      wish.backup ?? '',
      ...(wish.converts ? [] : generation(given)),
    ],
    stdin: told(given),
  };
}

function generation({ type, size, curve }: Params): string[] {
  if (type === 'RSA') return ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${size}`];
  if (type === 'DSA') return ['DSA', String(size)];
  if (type !== 'ECC') return ['-algorithm', type.toUpperCase()];
  const name = `ec_paramgen_curve:${opensslCurve(curve!)}`;
  return ['-algorithm', 'EC', '-pkeyopt', name, '-pkeyopt', 'ec_param_enc:named_curve'];
}

/** The file of the key. */
export const keyFile = (path: string): Setting => madeFile(`openssl_privatekey:${path}`, path);
