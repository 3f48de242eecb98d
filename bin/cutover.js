#!/usr/bin/env node
// Plain old JavaScript on purpose: an older Node must be able to read this file and say what it lacks.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  process.stderr.write(
    'cutover needs Node 22.18 or newer; this is ' + process.versions.node + ' (' + process.execPath + ')\n',
  );
  process.exit(1);
}
import('node:module')
  .then((node) => {
    node.enableCompileCache();
    return import('../dist/cli/main.js');
  })
  .then((cli) => cli.main(process.argv.slice(2)))
  .catch((error) => {
    if (error && error.code === 'ERR_MODULE_NOT_FOUND' && /dist[\\/]cli/.test(error.message)) {
      process.stderr.write('cutover is not built here: run `npm run build` first\n');
    } else {
      process.stderr.write('cutover: ' + ((error && error.stack) || error) + '\n');
    }
    process.exit(1);
  });
