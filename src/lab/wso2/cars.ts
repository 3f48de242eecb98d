import { zip } from './zip.ts';

/** One artifact of a Carbon application. */
export interface CarArtifact {
  readonly name: string;
  /** Such as `synapse/api`. */
  readonly type: string;
  readonly xml: string;
}

/** What to put in a Carbon application. */
export interface Car {
  readonly name: string;
  readonly version: string;
  readonly artifacts: readonly CarArtifact[];
  /** How the miniature deploys it on a version, when not well: `{ '4.1.0': 'deployment-exception' }`. */
  readonly outcomes?: Readonly<Record<string, 'deployment-exception' | 'other-exception'>>;
}

/** Gives the file name of a Carbon application. */
export function carFileName({ name, version }: Car): string {
  return `${name}_${version}.car`;
}

/** Gives a `.car` as Integration Studio lays it out; the same content gives the same bytes. */
export function car({ name, version, artifacts, outcomes }: Car): Promise<Buffer> {
  const dependencies = artifacts.map(
    (one) =>
      `        <dependency artifact="${one.name}" version="1.0.0" include="true" serverRole="EnterpriseServiceBus"/>\n`,
  );
  const files: Record<string, string> = {
    'artifacts.xml': `<?xml version="1.0" encoding="UTF-8"?>
<artifacts>
    <artifact name="${name}CompositeExporter" version="${version}" type="carbon/application">
${dependencies.join('')}    </artifact>
</artifacts>
`,
    ...(outcomes && { 'fixture.json': JSON.stringify(outcomes) }),
  };
  for (const one of artifacts) {
    const file = `${one.name}-1.0.0.xml`;
    files[`${one.name}_1.0.0/artifact.xml`] =
      `<artifact name="${one.name}" version="1.0.0" type="${one.type}" serverRole="EnterpriseServiceBus">
    <file>${file}</file>
</artifact>
`;
    files[`${one.name}_1.0.0/${file}`] = one.xml;
  }
  return zip(Object.entries(files).map(([path, content]) => ({ path, mode: 0o644, content })));
}
