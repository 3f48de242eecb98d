import { boolean, choice, path, plainPath, strings, text, withAliases } from '../params.ts';

/** What the `pip` module takes. */
export const pipParams = withAliases(
  {},
  {
    name: strings
      .optional()
      .describe(
        'Packages, also with versions as in `bottle>0.10,<0.20`, as addresses (git+https://...) or files.',
      ),
    version: text.optional().describe('Version of the one package, such as `1.2` or `>=1.2`.'),
    requirements: text.optional().describe('File of requirements on the target, instead of name.'),
    state: choice('present', 'absent', 'latest', 'forcereinstall')
      .default('present')
      .describe('Whether they shall be installed, newest, installed anew, or gone.'),
    virtualenv: plainPath
      .optional()
      .describe('Virtual environment to install into; made when it is not there.'),
    virtualenv_command: text
      .default('virtualenv')
      .describe('Command that makes the virtual environment, such as `python3 -m venv`.'),
    virtualenv_python: text.optional().describe('Python for it; not with `-m venv`.'),
    virtualenv_site_packages: boolean.default(false).describe('It sees the packages of the system too.'),
    executable: text.optional().describe('The pip to use, by name or path. Default: pip3, then pip.'),
    extra_args: text.optional().describe('More arguments for pip.'),
    editable: boolean.default(false).describe('Install from the sources where they are.'),
    chdir: path.optional().describe('Folder to run pip in.'),
    umask: text
      .refine((umask) => /^0?[0-7]{3}$/.test(umask), "must be octal digits, such as '0022'")
      .optional()
      .describe('Umask for the files.'),
  },
)
  .refine((given) => given.name !== undefined || given.requirements !== undefined, {
    message: 'needs one of the parameters "name" and "requirements"',
  })
  .refine((given) => given.name === undefined || given.requirements === undefined, {
    message: 'takes name or requirements, not both',
  })
  .refine((given) => given.executable === undefined || given.virtualenv === undefined, {
    message: 'takes executable or virtualenv, not both',
  })
  .refine((given) => given.version === undefined || given.state !== 'latest', {
    message: 'takes no version when state is latest',
  })
  .refine(
    ({ virtualenv_python: python, virtualenv_command: command }) =>
      python === undefined || !/(?:-m\s+venv|pyvenv)\b/.test(command),
    { message: 'takes no virtualenv_python for "-m venv": name the python in virtualenv_command' },
  );
