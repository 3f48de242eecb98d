import { readFileSync } from 'node:fs';
import type { Fault } from '../../types.ts';

/** What `miniature.json` of a practice host sets; tests change it between starts. */
export interface MiniatureSettings {
  readonly faults: readonly Fault[];
  /** The version on which faults show; `slow-stop` shows on any. */
  readonly faultsOn: string;
  readonly slowStartMs: number;
  readonly slowStopMs: number;
  readonly crashAfterMs: number;
  /** Task coordination: time between heartbeats. The real default is 5000. */
  readonly heartbeatMs: number;
  /** A node counts as gone after so many heartbeats. */
  readonly heartbeatRetries: number;
  /** A PEM file with the key and the certificate of the HTTPS ports. */
  readonly certificate: string;
}

/** What holds where `miniature.json` says nothing. */
export const defaultSettings: MiniatureSettings = {
  faults: [],
  faultsOn: '4.1.0',
  slowStartMs: 3000,
  slowStopMs: 3000,
  crashAfterMs: 1000,
  heartbeatMs: 500,
  heartbeatRetries: 3,
  certificate: '',
};

/** Reads the settings; a missing file means the defaults. Throws for broken JSON. */
export function readSettings(path: string | undefined): MiniatureSettings {
  if (path === undefined) return defaultSettings;
  try {
    return { ...defaultSettings, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<MiniatureSettings>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return defaultSettings;
    throw error;
  }
}

/** Whether a fault shows on this version. */
export function shows(settings: MiniatureSettings, fault: Fault, version: string): boolean {
  return settings.faults.includes(fault) && (fault === 'slow-stop' || settings.faultsOn === version);
}
