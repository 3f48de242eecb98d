/** How a shell is started as somebody, and what it means when that fails. */
import { CutoverError } from '../errors/index.ts';
import { shellQuote } from './quote.ts';
import type { Identity } from './types.ts';

/** A command line that starts a runtime as an identity. */
export interface Start {
  readonly command: string;
  /** Needs a terminal of its own: the tool reads its password from there. */
  readonly pty: boolean;
  /** What the tool writes when it wants the password; undefined when it must not ask. */
  readonly prompt: RegExp | undefined;
}

/** Gives the identity that a login user needs: becoming oneself needs nothing. */
export function effectiveIdentity(identity: Identity, loginUser: string): Identity {
  if (identity.method === 'none' || (identity.user ?? 'root') === loginUser) return { method: 'none' };
  return { ...identity, user: identity.user ?? 'root' };
}

/** Gives what tells identities apart, without their passwords. */
export function identityKey(identity: Identity): string {
  return identity.method === 'none'
    ? 'none'
    : `${identity.method} ${identity.user} ${identity.flags ?? ''} ${identity.exe ?? ''}`.trimEnd();
}

/** Gives the name of an identity for messages: `sudo to root`. */
export function describeIdentity(identity: Identity): string {
  return identity.method === 'none' ? 'the login user' : `${identity.method} to ${identity.user}`;
}

/** Gives the command line that starts `runtime` under `shell` as the identity. The password is no part of it. */
export function startCommand(
  identity: Identity,
  runtime: string,
  sync: string,
  shell: string,
  forcePty: boolean,
): Start {
  const shellCommand = `${shellQuote(shell)} -c '${runtime}' cutover ${sync}`;
  if (identity.method === 'none') return { command: `exec ${shellCommand}`, pty: false, prompt: undefined };
  const user = shellQuote(identity.user ?? 'root');
  const asks = identity.password !== undefined;
  const flags = (identity.flags ?? '').split(/\s+/).filter((flag) => !['', '-n', '-S'].includes(flag));
  const login = identity.method === 'sudo' && flags.some((flag) => LOGIN_SHELL.test(flag));
  const options = flags.map((flag) => ` ${shellQuote(flag)}`).join('');
  const program = identity.exe === undefined ? identity.method : shellQuote(identity.exe);
  switch (identity.method) {
    case 'sudo': {
      const how = asks ? `-S -p ${sync}-password` : '-n';
      const home = options === '' ? ' -H' : options;
      return {
        command: `exec env LC_ALL=C ${program} ${how}${home} -u ${user} -- ${login ? throughLogin(runtime, sync, shell) : shellCommand}`,
        pty: forcePty,
        prompt: asks ? new RegExp(`${sync}-password`, 'g') : undefined,
      };
    }
    case 'doas':
      return {
        command: `exec env LC_ALL=C ${program}${asks ? '' : ' -n'}${options} -u ${user} -- ${shellCommand}`,
        pty: asks || forcePty,
        prompt: asks ? /password: ?/gi : undefined,
      };
    case 'su':
      // -s: accounts that may not log in have a login shell that runs nothing.
      return {
        command: `exec env LC_ALL=C ${program}${options} -s /bin/sh -c ${shellQuote(`exec ${shellCommand}`)} ${user}`,
        pty: asks || forcePty,
        prompt: asks ? /password: ?/gi : undefined,
      };
  }
}

/** Flags with which sudo runs the command through the account's own shell: `-i`, `-s`, their long names, and clusters such as `-Hi`. */
const LOGIN_SHELL = /^(?:-[A-Za-z]*[is]|--login|--shell)$/;

/** Gives the command of a runtime for that: sudo leaves dollar signs to that shell, so there must be none. printf brings them back. */
function throughLogin(runtime: string, sync: string, shell: string): string {
  const text = runtime.replace(/[$"`]/g, (sign) => `\\0${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `${shellQuote(shell)} -c 'set -f; IFS=; eval \`printf %b "unset IFS; set +f; ${text}"\`' cutover ${sync}`;
}

/** Whether a failed start said that it wants a terminal (sudo's `requiretty`). */
export function wantsTerminal(output: string): boolean {
  return /must have a tty|must be run from a terminal|no tty present/i.test(output);
}

/** Gives the error for a shell that did not come up: what the tool or the login shell said, in one line. */
export function startError(
  host: string,
  identity: Identity,
  output: string,
  code: number | undefined,
): CutoverError {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter((line) => line !== '').at(-1);
  if (identity.method === 'none') {
    return new CutoverError(
      'connect',
      `the login shell did not start a POSIX shell${said ? `: ${said}` : code === undefined ? '' : ` (exit code ${code})`}`,
      { host, hint: 'the account needs a login shell that runs commands, and /bin/sh on the host' },
    );
  }
  const method = identity.method;
  const user = identity.user ?? 'root';
  if (
    /password is required|interactive authentication|authori[sz]ation required|a terminal is required/i.test(
      output,
    )
  ) {
    return new CutoverError('escalate', `${method} to ${user} needs a password`, {
      host,
      hint: 'set ansible_become_password, or start with --ask-become-pass',
    });
  }
  if (code === 127 || /not found/i.test(output)) {
    return new CutoverError('escalate', `${method} is not installed${said ? `: ${said}` : ''}`, {
      host,
      hint: 'install it, or choose another become_method: sudo, su, doas',
    });
  }
  return new CutoverError('escalate', `${method} to ${user} failed${said ? `: ${said}` : ''}`, {
    host,
    hint: `the login user must be allowed to run /bin/sh as ${user}`,
  });
}

/** Gives the error for a refused password. It is never tried twice: accounts get locked. */
export function wrongPassword(host: string, identity: Identity): CutoverError {
  return new CutoverError(
    'escalate',
    `${identity.method} to ${identity.user ?? 'root'}: the password was refused`,
    { host, hint: 'it was tried once only, so that no account gets locked; correct ansible_become_password' },
  );
}
