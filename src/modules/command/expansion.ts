/**
 * `$NAME`, `${NAME}` and a leading `~` in the arguments of `command` are replaced on the host, as Ansible's
 * `expand_argument_vars` does, and nothing else of the shell's language is: no globs, pipes or substitutions.
 */

const VARIABLE = /\$(?:(\w+)|\{(\w+)\})/g;
const TILDE = /^~([A-Za-z_][\w.-]*)?(?=\/|$)/;

/** Whether an argument has anything to expand. */
function expands(argument: string): boolean {
  return TILDE.test(argument) || argument.search(VARIABLE) >= 0;
}

/**
 * Gives the argument vector that makes the host's shell expand the variables and then run the command.
 * Literal text travels as positional parameters, so nothing needs quoting. Variables that are not set stay as written.
 */
export function expandedOnHost(argv: readonly string[]): readonly string[] {
  if (!argv.some(expands)) return argv;
  const literals: string[] = [];
  const literal = (text: string): string => {
    if (text === '') return '';
    literals.push(text);
    return `"\${${literals.length}}"`;
  };
  const words = argv.map((argument) => shellWord(argument, literal));
  return ['/bin/sh', '-c', `exec ${words.join(' ')}`, 'sh', ...literals];
}

function shellWord(argument: string, literal: (text: string) => string): string {
  let script = '';
  let rest = argument;
  const tilde = TILDE.exec(rest);
  if (tilde) {
    // ${HOME-~} keeps the tilde when there is no HOME; ~name is left to the shell, which knows the users.
    script += tilde[1] === undefined ? '"${HOME-~}"' : tilde[0];
    rest = rest.slice(tilde[0].length);
    // The shell sees a tilde prefix only up to an unquoted slash.
    if (tilde[1] !== undefined && rest.startsWith('/')) {
      script += '/';
      rest = rest.slice(1);
    }
  }
  let end = 0;
  for (const match of rest.matchAll(VARIABLE)) {
    script += literal(rest.slice(end, match.index));
    const name = match[1] ?? match[2]!;
    // A name of digits would mean a positional parameter: it is text.
    script += /^\d/.test(name) ? literal(match[0]) : `"\${${name}-${literal(match[0]).slice(1, -1)}}"`;
    end = match.index + match[0].length;
  }
  script += literal(rest.slice(end));
  return script === '' ? "''" : script;
}
