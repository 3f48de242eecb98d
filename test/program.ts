import { resolve } from 'node:path';

/** The program as people start it; test/build.ts sees to it that it is what the sources say. */
export const PROGRAM = resolve(import.meta.dirname, '../bin/cutover.js');
