import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { list } from './home.ts';
import { type Log, source } from './log.ts';

/** Gives the name under which a jar of `lib` appears in `dropins`, as MI's bundle creator makes it. */
export function generatedName(jar: string): string {
  return `${jar.replace(/\.jar$/, '').replaceAll('-', '_')}_1.0.0.jar`;
}

/** Wraps every jar of `lib` into `dropins`, and complains about bundles that are there twice. */
export function generateDropins(home: string, log: Log): void {
  const libraries = list(join(home, 'lib')).filter((name) => name.endsWith('.jar'));
  for (const name of libraries) {
    const target = join(home, 'dropins', generatedName(name));
    if (!existsSync(target)) log('INFO', source.bundles, `Creating bundle ${generatedName(name)}`);
    copyFileSync(join(home, 'lib', name), target);
  }
  for (const problem of duplicates(home, libraries)) log('ERROR', source.bundles, problem);
}

function duplicates(home: string, libraries: readonly string[]): string[] {
  const dropins = list(join(home, 'dropins'));
  const rampart = list(join(home, 'repository/deployment/server/axis2modules')).filter((name) =>
    name.startsWith('rampart-'),
  );
  const both = libraries.filter((name) => dropins.includes(name));
  const wrappedTwice = dropins.filter((name) => name.endsWith('_1.0.0_1.0.0.jar'));
  return [
    ...both.map(
      (name) => `Duplicate bundle: ${name} is in dropins beside its generated ${generatedName(name)}`,
    ),
    ...wrappedTwice.map((name) => `Duplicate bundle: ${name} wraps a bundle that was generated before`),
    ...(rampart.length > 1 ? [`Duplicate module rampart: ${rampart.join(', ')}`] : []),
  ];
}
