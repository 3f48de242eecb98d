import type { RawFacts } from './raw.ts';

/** Gives what there is of Python; nothing where there is none: Cutover needs none. */
export function pythonFacts(raw: RawFacts): Record<string, unknown> {
  const [executable, version = '', type, ssl] = raw.lines('python');
  if (executable === undefined || version === '') return {};
  const [major = '0', minor = '0', micro = '0', releaselevel = 'final', serial = '0'] = version.split(' ');
  const numbers = { major: Number(major), minor: Number(minor), micro: Number(micro) };
  return {
    python: {
      version: { ...numbers, releaselevel, serial: Number(serial) },
      version_info: [...Object.values(numbers), releaselevel, Number(serial)],
      executable,
      has_sslcontext: ssl === 'True',
      type: type ?? null,
    },
    python_version: `${major}.${minor}.${micro}`,
    selinux_python_present: raw.has('libselinux'),
  };
}
