import { posix } from 'node:path';
import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe, quote, splitWords } from '../../resources/index.ts';
import type { pipParams } from './params.ts';
import type { Requirement } from './requirement.ts';

/** The parameters of a task. */
export type Params = z.infer<typeof pipParams>;

/** The virtual environment's place; one that is relative stands in `chdir`. */
export function environmentOf({ virtualenv, chdir }: Params): string | undefined {
  return virtualenv === undefined || chdir === undefined ? virtualenv : posix.resolve(chdir, virtualenv);
}

/** Asks for pip and what it has installed: a line with its words, then the list. An environment that is not there says `new`. */
export function pipProbe(given: Params): Probe<CommandResult> {
  return commandOutput({
    argv: ['/bin/sh', '-c', LOOK, 'sh', environmentOf(given) ?? '', given.executable ?? ''],
    ...(given.chdir === undefined ? {} : { cwd: given.chdir }),
  });
}

/** Asks pip what it would install, without installing it (pip 22.2 and later). */
export function rehearsal(given: Params, argv: readonly string[]): Probe<CommandResult> {
  const at = argv.indexOf('install') + 1;
  return commandOutput({
    argv: [...argv.slice(0, at), '--dry-run', ...argv.slice(at)],
    ...(given.chdir === undefined ? {} : { cwd: given.chdir }),
  });
}

/** Gives the words that make pip do it. */
export function pipCommand(
  given: Params,
  pip: readonly string[],
  wanted: readonly Requirement[],
): readonly string[] {
  const verb = {
    present: ['install'],
    latest: ['install', '-U'],
    forcereinstall: ['install', '-U', '--force-reinstall'],
    absent: ['uninstall', '-y'],
  }[given.state];
  const extra = given.extra_args === undefined ? [] : splitWords(given.extra_args);
  const edits = given.editable && given.state !== 'absent';
  const what =
    given.requirements === undefined
      ? wanted.flatMap(({ written }) => (edits ? ['-e', written] : [written]))
      : ['-r', given.requirements];
  return [...pip, ...verb, ...extra, ...what];
}

/** Gives the words that make the virtual environment. */
export function environmentCommand(given: Params): readonly string[] {
  const python = given.virtualenv_python;
  return [
    ...splitWords(given.virtualenv_command),
    ...(given.virtualenv_site_packages ? ['--system-site-packages'] : []),
    ...(python === undefined ? [] : ['-p', python]),
    environmentOf(given)!,
  ];
}

/** Gives the script that makes the environment and then lets pip work in it. */
export function inNewEnvironment(given: Params, pip: readonly string[]): string {
  const make = environmentCommand(given);
  const missing = `there is no program ${make[0]} on the target, which virtualenv_command names`;
  const words = (argv: readonly string[]) => argv.map(quote).join(' ');
  return `command -v ${quote(make[0]!)} >/dev/null || { echo ${quote(missing)} >&2; exit 127; }
${words(make)} || exit
${words(pip)}
`;
}

const LOOK = `
environment=$1 executable=$2
if [ -n "$environment" ]; then
  [ -f "$environment/bin/activate" ] || { echo new; exit 0; }
  set -- "$environment/bin/pip3" "$environment/bin/pip"
elif [ -n "$executable" ]; then
  set -- "$executable"
else
  set -- pip3 pip
fi
for pip; do
  pip=$(command -v "$pip") || continue
  echo "$pip"
  "$pip" list --format=freeze --disable-pip-version-check
  exit
done
if [ -z "$environment$executable" ] && python3 -m pip --version >/dev/null 2>&1; then
  echo "python3 -m pip"
  python3 -m pip list --format=freeze --disable-pip-version-check
  exit
fi
echo "there is no \${executable:-pip} \${environment:+in $environment }on the target" >&2
exit 127
`;
