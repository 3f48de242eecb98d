/** Extensions of certificates (RFC 5280, RFC 7633) as results have them. */
import { isIPv6 } from 'node:net';
import { BigInteger } from '../../values/index.ts';
import { type Der, numberOf, oidOf, readDer } from './der.ts';
import { NAME_PARTS, PURPOSES, USAGES } from './names.ts';

/** One extension. */
interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Gives the extensions by their numbers. */
export function extensionsOf(found: Der | undefined): ReadonlyMap<string, Extension> {
  if (found === undefined) return new Map();
  return new Map(
    readDer(readDer(found.body)[0]!.body).map((one) => {
      const [oid, ...rest] = readDer(one.body);
      return [
        oidOf(oid!),
        { critical: rest.some(({ tag, body }) => tag === 0x01 && body[0] !== 0), value: rest.at(-1)!.body },
      ];
    }),
  );
}

/** Gives what results say of them. */
export function extensionKeys(all: ReadonlyMap<string, Extension>): Record<string, unknown> {
  const critical = (oid: string) => all.get(oid)?.critical ?? false;
  const read = <Value>(oid: string, reader: (value: readonly Der[]) => Value): Value | null => {
    const found = all.get(oid);
    return found === undefined ? null : reader(readDer(found.value));
  };
  const access = read('1.3.6.1.5.5.7.1.1', accessOf) ?? new Map<string, string>();
  return {
    extensions_by_oid: Object.fromEntries(
      [...all].map(([oid, { critical, value }]) => [oid, { critical, value: value.toString('base64') }]),
    ),
    basic_constraints: read('2.5.29.19', constraints),
    basic_constraints_critical: critical('2.5.29.19'),
    key_usage: read('2.5.29.15', usages),
    key_usage_critical: critical('2.5.29.15'),
    extended_key_usage: read('2.5.29.37', ([list]) => readDer(list!.body).map(purpose)),
    extended_key_usage_critical: critical('2.5.29.37'),
    subject_alt_name: read('2.5.29.17', ([list]) => readDer(list!.body).map(generalName)),
    subject_alt_name_critical: critical('2.5.29.17'),
    ocsp_must_staple: read('1.3.6.1.5.5.7.1.24', ([list]) =>
      readDer(list!.body).some((feature) => numberOf(feature) === 5n),
    ),
    ocsp_must_staple_critical: critical('1.3.6.1.5.5.7.1.24'),
    subject_key_identifier: read('2.5.29.14', ([id]) => hex(id!.body)),
    ...authority(read('2.5.29.35', ([list]) => readDer(list!.body)) ?? []),
    ocsp_uri: access.get('1.3.6.1.5.5.7.48.1') ?? null,
    issuer_uri: access.get('1.3.6.1.5.5.7.48.2') ?? null,
  };
}

function constraints([sequence]: readonly Der[]): string[] {
  const inside = readDer(sequence!.body);
  const isAuthority = inside.some(({ tag, body }) => tag === 0x01 && body[0] !== 0);
  const length = inside.find(({ tag }) => tag === 0x02);
  return [
    `CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
    ...(length === undefined ? [] : [`pathlen:${numberOf(length)}`]),
  ];
}

function usages([bits]: readonly Der[]): string[] {
  const [, ...bytes] = bits!.body;
  return USAGES.filter((_, index) => ((bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0).sort();
}

function purpose(oid: Der): string {
  return PURPOSES[oidOf(oid)] ?? oidOf(oid);
}

function authority(parts: readonly Der[]): Record<string, unknown> {
  const part = (number: number) => parts.find(({ tag }) => (tag & 0x1f) === number);
  const [id, issuer, serial] = [part(0), part(1), part(2)];
  return {
    authority_key_identifier: id === undefined ? null : hex(id.body),
    authority_cert_issuer: issuer === undefined ? null : readDer(issuer.body).map(generalName),
    authority_cert_serial_number: serial === undefined ? null : new BigInteger(numberOf(serial)),
  };
}

/** Where to ask for what: method to address. */
function accessOf([list]: readonly Der[]): Map<string, string> {
  return new Map(
    readDer(list!.body).map((one) => {
      const [method, place] = readDer(one.body);
      return [oidOf(method!), place!.body.toString('latin1')];
    }),
  );
}

function generalName(name: Der): string {
  const text = name.body.toString('latin1');
  switch (name.tag & 0x1f) {
    case 1:
      return `email:${text}`;
    case 2:
      return `DNS:${text}`;
    case 4:
      return `dirName:${directoryName(name)}`;
    case 6:
      return `URI:${text}`;
    case 7:
      return `IP:${address(name.body)}`;
    case 8:
      return `RID:${oidOf(name)}`;
    default:
      return `otherName:${hex(name.body)}`;
  }
}

function directoryName(name: Der): string {
  return readDer(readDer(name.body)[0]!.body)
    .flatMap((set) => readDer(set.body))
    .map((part) => {
      const [type, value] = readDer(part.body);
      return `${NAME_PARTS[oidOf(type!)] ?? oidOf(type!)}=${value!.body.toString('utf8')}`;
    })
    .join(',');
}

function address(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = (bytes.toString('hex').match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
  const plain = groups.join(':');
  // URL knows how addresses are shortened.
  return isIPv6(plain) ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain;
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?=.)/g, '$&:');
}
