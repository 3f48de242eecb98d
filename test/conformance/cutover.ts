import { main } from '../../src/cli/main.ts';

/** The program as the conformance runs start it: from the sources, without a build. */
await main(process.argv.slice(2));
