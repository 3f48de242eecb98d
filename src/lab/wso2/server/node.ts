import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact, Kind } from './artifacts.ts';
import type { Application } from './capps.ts';
import type { Configuration } from './configuration.ts';
import type { SecretVault } from './secrets.ts';

/** A running node as its HTTP sides see it. */
export interface RunningNode {
  readonly home: string;
  readonly version: string;
  readonly configuration: Configuration;
  readonly applications: readonly Application[];
  /** Names of .car files that health reports. */
  readonly faulty: readonly string[];
  /** All artifacts, from applications and loose files. */
  readonly artifacts: readonly Artifact[];
  readonly vault: SecretVault;
  /** Ends the process with an exit code; gracefully drains first. */
  readonly leave: (graceful: boolean, code: number) => void;
}

/** Gives the artifacts of a kind, sorted by name. */
export function artifactsOf(node: RunningNode, kind: Kind): Artifact[] {
  const found = node.artifacts.filter((artifact) => artifact.kind === kind);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Gives where a message processor's state is kept: in the registry, so that it survives a restart and must travel in an upgrade. */
export function processorStatePath(home: string, name: string): string {
  return join(home, 'registry/governance/repository/esb/message-processors', `${name}.properties`);
}

/** Whether a message processor is active: it is, unless the registry says otherwise. */
export function isActive(home: string, name: string): boolean {
  const path = processorStatePath(home, name);
  return !existsSync(path) || !/^state=inactive$/m.test(readFileSync(path, 'utf8'));
}
