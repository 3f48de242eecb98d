/** The command line from its sources, so that these tests need no build. */
import { enableCompileCache } from 'node:module';
import { main } from '../../src/cli/main.ts';

enableCompileCache();
await main(process.argv.slice(2));
