/**
 * Practice hosts for the demo, the tests and rehearsals: real SSH, real shells, nothing to lose.
 *
 * `labUp` builds them and writes an inventory, `labStatus` looks, `labDown` leaves nothing behind.
 */
export { labDown, labStatus, labUp } from './lab.ts';
export { diffManifests, treeManifest } from './tree-manifest.ts';
export {
  FAULTS,
  type Fault,
  type LabBackend,
  type LabHostStatus,
  type LabOptions,
  type LabStatus,
} from './types.ts';
