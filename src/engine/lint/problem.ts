import type { SourcePosition } from '../../errors/index.ts';

/** Something that `cutover lint` found. */
export interface LintProblem {
  /** An error keeps the playbook from running; a warning deserves a look. */
  readonly severity: 'error' | 'warning';
  readonly rule: RuleName;
  readonly message: string;
  readonly position?: SourcePosition;
  /** What can be done about it. */
  readonly hint?: string;
}

/** What a problem is about, for people who filter by it. */
export type RuleName =
  | 'load'
  | 'shadowed-variable'
  | 'undefined-variable'
  | 'extra-variable'
  | 'unused-register'
  | 'missing-file'
  | 'missing-handler'
  | 'unused-handler'
  | 'no-undo';

/** Makes a warning. */
export function warning(
  rule: RuleName,
  message: string,
  details: { readonly position: SourcePosition | undefined; readonly hint?: string | undefined },
): LintProblem {
  const { position, hint } = details;
  return {
    severity: 'warning',
    rule,
    message,
    ...(position ? { position } : {}),
    ...(hint === undefined ? {} : { hint }),
  };
}
