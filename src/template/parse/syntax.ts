/** The delimiters and white-space rules under which a template is read. */

/** How a template is written. */
export interface Syntax {
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  /** Removes the line end behind a block tag. */
  readonly trimBlocks: boolean;
  /** Removes blanks before a block tag that stands first on its line. */
  readonly lstripBlocks: boolean;
  /** How lines of the template's own text end in the result; those of values stay as they are. */
  readonly lineEnd: string;
  /**
   * Whether backslashes in string literals inside `{{ }}` stand for themselves, as Ansible reads them in playbooks
   * (not in template files, and not in `{% %}` or conditions).
   */
  readonly verbatimBackslashes: boolean;
}

/** Ansible's settings for texts in playbooks. */
export const PLAYBOOK_SYNTAX: Syntax = {
  variableStart: '{{',
  variableEnd: '}}',
  blockStart: '{%',
  blockEnd: '%}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  lineEnd: '\n',
  verbatimBackslashes: true,
};

/** Ansible's settings for template files. */
export const FILE_SYNTAX: Syntax = { ...PLAYBOOK_SYNTAX, verbatimBackslashes: false };
