import { createSecrets, type Secrets } from '../secrets/index.ts';

let current = createSecrets();

/** The secrets of the command that runs in this process: whatever it prints, of errors too, is masked by them. */
export function commandSecrets(): Secrets {
  return current;
}

/** Begins a command, which knows no secrets yet. */
export function forgetSecrets(): void {
  current = createSecrets();
}
