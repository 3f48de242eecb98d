/** YAML as PyYAML writes it. */
export interface YamlLayout {
  readonly indent: number;
  readonly width: number;
  readonly flow: 'all' | 'leaves' | 'none';
  readonly sortKeys: boolean;
  readonly unicode: boolean;
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
}
export function dumpYaml(_value: unknown, _layout: YamlLayout): string {
  throw new Error('soon');
}
