/** Loaded before a program that uses lanes (`node --import`): prints what crossed them, as the last line of standard error. */
import { subscribe } from 'node:diagnostics_channel';

let frames = 0;
let bytes = 0;
subscribe('cutover.frame', (message) => {
  const { sent, received } = message as { readonly sent: number; readonly received: number };
  frames++;
  bytes += sent + received;
});
process.once('exit', () => process.stderr.write(`${JSON.stringify({ frames, bytes })}\n`));
