/** The system properties of a start: `-Dkey=value` anywhere on the command line, the last one wins as in MI's Main.java. */
export type SystemProperties = ReadonlyMap<string, string>;

/** Gives the properties of a Java command line; `-Dkey` alone means empty. */
export function systemProperties(argv: readonly string[]): SystemProperties {
  const definitions = argv.filter((argument) => argument.startsWith('-D'));
  return new Map(
    definitions.map((definition) => {
      const [key, ...value] = definition.slice(2).split('=');
      return [key!, value.join('=')] as const;
    }),
  );
}
