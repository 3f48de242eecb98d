/** The command line from its sources, so that these tests need no build. */
import { main } from '../../src/cli/main.ts';

await main(process.argv.slice(2));
