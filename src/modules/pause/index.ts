import { z } from 'zod';
import { boolean, number, text } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z
  .strictObject({
    seconds: number.optional().describe('How long to wait.'),
    minutes: number.optional().describe('How long to wait, in minutes.'),
    prompt: text.optional().describe('What to ask. Without a time, the run goes on when Enter is pressed.'),
    echo: boolean.default(true).describe('Show what is typed.'),
  })
  .refine((given) => given.seconds === undefined || given.minutes === undefined, {
    message: 'takes either seconds or minutes, not both',
  });

/** Waits once for all hosts of a batch; the shortest wait is a second. */
export default defineModule({
  name: 'pause',
  summary: 'Waits for a time, or for a person.',
  params,
  oncePerBatch: true,
  controllerOnly: true,
  plan(given) {
    const wanted = given.minutes === undefined ? given.seconds : given.minutes * 60;
    const seconds = wanted === undefined ? undefined : Math.max(1, Math.trunc(wanted));
    return {
      changes: [],
      changed: false,
      effects: [{ kind: 'pause', seconds, prompt: given.prompt, echo: given.echo, tells: true }],
      result: () => ({ rc: 0, stderr: '', stdout: paused(given, seconds), echo: given.echo }),
    };
  },
});

function paused(given: { readonly minutes?: number | undefined }, seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return given.minutes === undefined
    ? `Paused for ${fraction(seconds)} seconds`
    : `Paused for ${fraction(seconds / 60)} minutes`;
}

/** As a number with a fraction: 1.0, 0.02. */
function fraction(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}
