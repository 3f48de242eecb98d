import { type Handler, ok } from './answers.ts';
import type { RunningNode } from './node.ts';

/** Answers `/healthz` in the words of the version (ReadinessResource.java of the two tags), odd spaces included. */
export function health(node: RunningNode): Handler {
  const head =
    node.version === '4.0.0'
      ? `{"version":"${node.version}",`
      : `{"version":"${node.version}", "update_level":"-", `;
  return () => {
    if (node.faulty.length === 0) return ok(`${head}"status" : "ready"}`);
    const names = JSON.stringify(node.faulty);
    const body = `${head}"status": "not ready, faulty CAPPs detected", "Faulty CAPPs" : ${names}}`;
    return { status: 500, body };
  };
}
