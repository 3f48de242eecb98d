/**
 * YAML text as plain data that remembers where it was written.
 *
 * Values are ordinary arrays and mappings, so that every other room can treat them as data; the position of each key
 * and item is kept beside them, in a WeakMap.
 */
export { ESCAPES } from './escapes.ts';
export { locate, parseYaml, parseYamlDocuments, positionOf, type YamlSource } from './yaml.ts';
