import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { type Artifact, kindOfType, rootAttribute } from './artifacts.ts';
import { list } from './home.ts';
import { type Log, source } from './log.ts';

/** A deployed Carbon application. */
export interface Application {
  readonly name: string;
  readonly version: string;
  readonly artifacts: readonly Artifact[];
}

/** What deploying all Carbon applications gave. */
export interface Deployment {
  readonly applications: readonly Application[];
  /** Names of .car files that failed with a DeploymentException: the only failures that health knows. */
  readonly faulty: readonly string[];
}

export type Outcome = 'ok' | 'deployment-exception' | 'other-exception';

/** Deploys every `.car` in alphabetical order. `forced` is the outcome of the first one, for faults. */
export async function deployApplications(
  home: string,
  version: string,
  forced: Outcome | undefined,
  log: Log,
): Promise<Deployment> {
  const folder = join(home, 'repository/deployment/server/carbonapps');
  const applications: Application[] = [];
  const faulty: string[] = [];
  let force = forced;
  for (const file of list(folder)) {
    if (!file.endsWith('.car')) {
      log('WARN', source.capps, `Only .car files are processed. Hence ${file} will be ignored`);
      continue;
    }
    const path = join(folder, file);
    const read = await readApplication(path).catch(() => undefined);
    const outcome = force ?? (read === undefined ? 'deployment-exception' : outcomeOn(version, read.files));
    force = undefined;
    if (read !== undefined && outcome === 'ok' && applications.some(({ name }) => name === read.name)) {
      const id = `${read.name}_${read.version}`;
      const why = "Two applications can't have the same Id. Deployment aborted.";
      log('ERROR', source.capps, `Carbon Application : ${id} already exists. ${why}`);
    } else if (read !== undefined && outcome === 'ok') {
      applications.push(read);
      log(
        'INFO',
        source.capps,
        `Successfully Deployed Carbon Application : ${read.name}_${read.version}{super-tenant}`,
      );
    } else {
      log('ERROR', source.capps, failureLine(outcome, version, path, file));
      if (outcome === 'deployment-exception') faulty.push(file);
    }
  }
  return { applications, faulty };
}

function failureLine(outcome: Outcome, version: string, path: string, file: string): string {
  if (outcome === 'other-exception') return `Error while deploying carbon application ${path}`;
  const head = 'Error occurred while deploying the Carbon application:';
  if (version === '4.0.0') return `${head} ${path}`;
  return `${head} ${file}. Reverting successfully deployed artifacts in the CApp.`;
}

type Files = ReadonlyMap<string, string>;

/** A CAR of the lab may carry `fixture.json`: version -> outcome. */
function outcomeOn(version: string, files: Files): Outcome {
  const marker = files.get('fixture.json');
  if (marker === undefined) return 'ok';
  return (JSON.parse(marker) as Record<string, Outcome>)[version] ?? 'ok';
}

async function readApplication(path: string): Promise<Application & { readonly files: Files }> {
  const files = await unzip(readFileSync(path));
  const root = files.get('artifacts.xml')?.match(/<artifact\s[^>]*type="carbon\/application"[^>]*>/)?.[0];
  if (root === undefined) throw new Error(`${path} has no artifacts.xml`);
  const artifacts = [...files]
    .filter(([name]) => name.endsWith('/artifact.xml'))
    .flatMap(([name, xml]) => {
      const kind = kindOfType(rootAttribute(xml, 'type') ?? '');
      const file = xml.match(/<file>([^<]+)<\/file>/)?.[1] ?? '';
      const text = files.get(name.replace('artifact.xml', file)) ?? '';
      const artifact =
        rootAttribute(text, 'name') ?? rootAttribute(text, 'key') ?? rootAttribute(xml, 'name') ?? '';
      return kind === undefined ? [] : [{ kind, name: artifact, xml: text }];
    });
  const name = (rootAttribute(root, 'name') ?? '').replace(/CompositeExporter$/, '');
  return { name, version: rootAttribute(root, 'version') ?? '1.0.0', artifacts, files };
}

async function unzip(bytes: Buffer): Promise<Files> {
  const zip = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(bytes, {
    lazyEntries: true,
  });
  const files = new Map<string, string>();
  const open = promisify(zip.openReadStream.bind(zip)) as (
    entry: yauzl.Entry,
  ) => Promise<NodeJS.ReadableStream>;
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(files));
    zip.on('entry', (entry: yauzl.Entry) => {
      open(entry)
        .then(buffer)
        .then((content) => files.set(entry.fileName, content.toString('utf8')))
        .then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}
