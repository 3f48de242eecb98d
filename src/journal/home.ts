import { homedir } from 'node:os';
import { join } from 'node:path';

/** Gives the controller's state folder: `$CUTOVER_HOME`, else `$XDG_STATE_HOME/cutover`, else `~/.local/state/cutover`. */
export function stateHome(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  if (environment.CUTOVER_HOME) return environment.CUTOVER_HOME;
  if (environment.XDG_STATE_HOME) return join(environment.XDG_STATE_HOME, 'cutover');
  return join(environment.HOME ?? homedir(), '.local/state/cutover');
}
