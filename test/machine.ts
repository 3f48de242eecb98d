/** What tests need of the machine beside Node. Where CI is true a part that is missing is a failure; elsewhere its tests are left out, and that is said. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether the tests run as root, who may make users, namespaces and mounts. Throws where CI is true and they do not. */
export const isRoot = present('root', process.getuid?.() === 0);

/** Whether a program is installed. Throws where CI is true and it is not. */
export function hasProgram(name: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return present(
    name,
    folders.some((folder) => isExecutable(join(folder, name))),
  );
}

/** Gives whether a part of the machine is there, and says so when it is not. Throws where CI is true and it is not. */
export function present(part: string, there: boolean): boolean {
  if (there) return true;
  if (process.env.CI === 'true')
    throw new Error(`${part} is missing on this machine, and with CI=true nothing is left out`);
  console.info(`${part} is missing on this machine: some tests are left out`);
  return false;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
