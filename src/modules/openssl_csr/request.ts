import { isMapping } from '../../values/index.ts';
import type { Params } from './params.ts';

/** Parts of the subject: name and value, in order. */
export function subjectOf(given: Params): [string, string][] {
  const parts = (all: Readonly<Record<string, unknown>>): [string, string][] =>
    Object.entries(all).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value])
        .filter((one) => one !== undefined && one !== null)
        .map((one): [string, string] => [name, String(one)]),
    );
  if (given.subject_ordered !== undefined)
    return given.subject_ordered.flatMap((one) => (isMapping(one) ? parts(one) : []));
  return [
    ...parts({
      C: given.country_name,
      ST: given.state_or_province_name,
      L: given.locality_name,
      O: given.organization_name,
      OU: given.organizational_unit_name,
      CN: given.common_name,
      emailAddress: given.email_address,
    }),
    ...parts(given.subject ?? {}),
  ];
}

/** The alternative names that are asked for. */
export function alternativeNames(given: Params): string[] | undefined {
  const { subject_alt_name: names } = given;
  if (names !== undefined && names.length > 0) return names;
  const common = subjectOf(given).find(([name]) => name === 'CN' || name === 'commonName')?.[1];
  return given.use_common_name_for_san && common !== undefined ? [`DNS:${common}`] : undefined;
}

/** Gives the configuration file of openssl for the request. */
export function configuration(given: Params): string {
  const names = alternativeNames(given);
  const constraints = [
    ...(given.name_constraints_permitted ?? []).map((one) => `permitted;${one}`),
    ...(given.name_constraints_excluded ?? []).map((one) => `excluded;${one}`),
  ];
  const extensions = [
    line('subjectAltName', names && ['@names'], given.subject_alt_name_critical),
    line('keyUsage', given.key_usage, given.key_usage_critical),
    line('extendedKeyUsage', given.extended_key_usage, given.extended_key_usage_critical),
    line('basicConstraints', given.basic_constraints, given.basic_constraints_critical),
    line(
      'tlsfeature',
      given.ocsp_must_staple ? ['status_request'] : undefined,
      given.ocsp_must_staple_critical,
    ),
    line('nameConstraints', constraints, given.name_constraints_critical),
    line(
      'subjectKeyIdentifier',
      given.create_subject_key_identifier
        ? ['hash']
        : given.subject_key_identifier === undefined
          ? undefined
          : [given.subject_key_identifier],
      false,
    ),
  ].join('');
  const subject = subjectOf(given).map(([name, value], at) => `${at}.${name} = ${escaped(value)}\n`);
  const listed = (names ?? []).map((one, at) => {
    const [, kind, value] = /^([^:]+):(.*)$/s.exec(one) ?? ['', 'DNS', one];
    return `${kind}.${at} = ${escaped(value!)}\n`;
  });
  return [
    '[req]\nprompt = no\nutf8 = yes\nstring_mask = utf8only\ndistinguished_name = subject\n',
    extensions === '' ? '' : `req_extensions = extensions\n[extensions]\n${extensions}`,
    `[names]\n${listed.join('')}`,
    `[subject]\n${subject.join('')}`,
  ].join('');
}

function line(name: string, values: readonly string[] | undefined, isCritical: boolean): string {
  if (values === undefined || values.length === 0) return '';
  return `${name} = ${[...(isCritical ? ['critical'] : []), ...values.map(escaped)].join(',')}\n`;
}

function escaped(value: string): string {
  return value.replace(/[\\$#"']/g, '\\$&').replace(/\n/g, '\\n');
}
