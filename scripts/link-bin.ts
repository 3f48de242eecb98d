/** Makes `npx cutover` work inside the checkout: npm links the commands of dependencies, never those of the package itself. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';

mkdirSync('node_modules/.bin', { recursive: true });
rmSync('node_modules/.bin/cutover', { force: true });
symlinkSync('../../bin/cutover.js', 'node_modules/.bin/cutover');
