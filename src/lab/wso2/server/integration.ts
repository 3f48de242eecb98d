import { setTimeout as delay } from 'node:timers/promises';
import { type Handler, ok } from './answers.ts';
import { rootAttribute } from './artifacts.ts';
import { artifactsOf, type RunningNode } from './node.ts';

/**
 * Answers what an API or a proxy service would: its name and the node's version.
 * `?delayMs=` keeps the request open, to practise draining.
 */
export function integration(node: RunningNode): Handler {
  const apis = artifactsOf(node, 'apis').map(({ name, xml }) => ({
    name,
    context: rootAttribute(xml, 'context') ?? '/',
  }));
  const proxies = artifactsOf(node, 'proxy-services').map(({ name }) => ({
    name,
    context: `/services/${name}`,
  }));
  const contexts = [...apis, ...proxies];
  return async (_request, url) => {
    const found = contexts.find(
      ({ context }) => url.pathname === context || url.pathname.startsWith(`${context}/`),
    );
    if (found === undefined) return { status: 404 };
    await delay(Number(url.searchParams.get('delayMs') ?? 0));
    return ok({ served: found.name, version: node.version });
  };
}
