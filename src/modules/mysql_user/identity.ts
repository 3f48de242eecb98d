import { sqlText } from '../mysql_client/client.ts';
import { type Account, nativeHash } from './account.ts';
import type { Params } from './params.ts';

/** Gives how a new user says who it is. */
export function identityOfNew(given: Params, isMariaDb: boolean, kin: readonly Account[]): string {
  const [like] = kin;
  if (given.update_password === 'on_new_username' && like && kin.every((one) => same(one, like)))
    return by(like.plugin, like.hash);
  if (given.password !== undefined)
    return given.encrypted
      ? by('mysql_native_password', given.password)
      : ` IDENTIFIED BY ${sqlText(given.password)}`;
  return given.plugin === undefined ? '' : pluginIdentity(given, given.plugin, isMariaDb);
}

/** Gives how a user that is there shall say who it is, or undefined when it stays. */
export function identityOf(given: Params, account: Account): string | undefined {
  if (given.update_password !== 'always') return undefined;
  if (given.password !== undefined) {
    const hash = given.encrypted ? given.password.toUpperCase() : nativeHash(given.password);
    if (account.plugin === 'mysql_native_password' && account.hash.toUpperCase() === hash) return undefined;
    return by('mysql_native_password', hash);
  }
  if (given.plugin === undefined) return undefined;
  const hash = given.plugin_hash_string ?? (account.isMariaDb ? given.plugin_auth_string : undefined);
  const differs =
    account.plugin !== given.plugin ||
    (hash !== undefined && account.hash !== hash) ||
    (hash === undefined && given.plugin_auth_string !== undefined);
  return differs ? pluginIdentity(given, given.plugin, account.isMariaDb) : undefined;
}

function same(one: Account, other: Account): boolean {
  return one.plugin === other.plugin && one.hash === other.hash;
}

function by(plugin: string, hash: string): string {
  const value = /^0x[0-9A-F]+$/.test(hash) ? hash : sqlText(hash);
  return ` IDENTIFIED WITH ${plugin}${hash === '' ? '' : ` AS ${value}`}`;
}

function pluginIdentity(given: Params, plugin: string, isMariaDb: boolean): string {
  if (given.plugin_hash_string !== undefined) return by(plugin, given.plugin_hash_string);
  if (given.plugin_auth_string === undefined) return by(plugin, '');
  const word = isMariaDb ? 'USING' : 'BY';
  return ` IDENTIFIED WITH ${plugin} ${word} ${sqlText(given.plugin_auth_string)}`;
}

/** Gives the words after REQUIRE. */
export function requirement(given: Params): string {
  const wishes = Object.entries(given.tls_requires ?? {}).map(
    ([name, value]) => [name.toUpperCase(), value] as const,
  );
  const lone = wishes.find(([name]) => name === 'SSL' || name === 'X509');
  if (lone) return lone[0];
  const order = ['ISSUER', 'SUBJECT', 'CIPHER'];
  const words = wishes
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([name, value]) => `${name} ${sqlText(String(value))}`);
  return words.length === 0 ? 'NONE' : words.join(' AND ');
}

/** Whether connections need what they shall need. */
export function requiresSo(account: Account, wanted: string): boolean {
  const parts = (text: string) =>
    text
      .replace(/ AND /g, ' ')
      .match(/\w+(?: '(?:[^']|'')*')?/g)
      ?.sort()
      .join(' ') ?? '';
  return parts(account.requires) === parts(wanted);
}
