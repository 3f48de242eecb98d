/** The time that an expression may take. V8 stops its backtracking when a script's time is up, and only then. */
import { createContext, Script } from 'node:vm';

/** Milliseconds. */
const TIME_LIMIT = 3000;

const context = createContext(Object.create(null));
const script = new Script('action()');

/** Runs an action for three seconds at most. Gives `late` when the time was up; throws what the action throws. */
export function limited<T>(action: () => T): T | typeof late {
  context.action = action;
  try {
    return script.runInContext(context, { timeout: TIME_LIMIT }) as T;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return late;
    throw error;
  } finally {
    context.action = undefined;
  }
}

/** What `limited` gives when the time was up. */
export const late: unique symbol = Symbol('late');
