/** The kinds of things on a host that Cutover can probe, change and restore. */

export { hashedKnownName, knownNamesMatch } from '../transport/index.ts';
export { setGroup, setUser } from './account/change.ts';
export { applyChanges } from './apply.ts';
export { isPlainCommand, runCommand } from './command/change.ts';
export { OUTPUT_LIMIT_BYTES, outputBlocks } from './command/limit.ts';
export { CANNOT_ENTER, NOT_ENTERED } from './command/script.ts';
export { commandSummary } from './command/summary.ts';
export { type Content, contentOfBytes, contentOfFile, contentOnTarget, knownBytes } from './content.ts';
export { SUBSETS as FACT_SUBSETS } from './facts/subsets.ts';
export { setFile } from './file/change.ts';
export { DIFF_BYTES } from './file/diff.ts';
export { predictPath } from './file/predict.ts';
export { sendRequest } from './http/change.ts';
export { type LockRequest, refreshLock, releaseLock, takeLock } from './journal/lock.ts';
export { type JournalEntry, readJournal } from './journal/read.ts';
export { type HostRun, listRuns, removeRuns, stateBytes } from './journal/runs.ts';
export { type UndoOutcome, type UndoRequest, undoEntries } from './journal/undo.ts';
export { formatMode, resolveMode } from './mode.ts';
export { type ChangePicture, pictureOf } from './picture.ts';
export { probeAll } from './probe.ts';
export {
  commandOutput,
  facts,
  fetchFile,
  fileContent,
  fileState,
  groupState,
  httpRequest,
  serviceState,
  treeState,
  userState,
  waitFor,
} from './probes.ts';
export { outputCap, prelude } from './runtime.ts';
export { setService } from './service/change.ts';
export { quote } from './shell.ts';
export type {
  CommandSpec,
  Dialogue,
  FileOptions,
  HttpSpec,
  Inverse,
  TreeEntry,
  TreeOptions,
  WaitSpec,
  WantedFile,
  WantedGroup,
  WantedService,
  WantedTree,
  WantedUser,
} from './specs.ts';
export type {
  CommandResult,
  FileContent,
  FileState,
  FileType,
  GroupState,
  HttpReply,
  ServiceScope,
  ServiceState,
  TreeState,
  UserState,
  WaitOutcome,
} from './states.ts';
export { removeTree, setTree } from './tree/change.ts';
export type { Change, ChangeOutcome, Diff, Observed, Probe, Resource, Session, UndoKind } from './types.ts';
export { splitWords } from './words.ts';
