/** Jinja expressions and templates over plain data. */
export { isAuthored, readsForeignText, refuseForeignText } from './authored.ts';
export { certainKind } from './certain-kind.ts';
export { decode, encode, knowsEncoding } from './encoding.ts';
export { isInText, lacksPlugin, missingIn, type PluginName } from './faults.ts';
export { templateScope } from './file-variables.ts';
export { type NamesUsed, namesUsed } from './names.ts';
export { md5Crypt } from './python/crypt.ts';
export { className } from './python/kinds.ts';
export { hashPassword } from './python/password-hash.ts';
export { str as pythonText } from './python/text.ts';
export { compareVersions } from './python/version.ts';
export { dumpYaml } from './python/yaml.ts';
export { createTemplar } from './templar.ts';
export type { FileOptions, LookupContext, Scope, Templar, TemplarOptions } from './types.ts';
