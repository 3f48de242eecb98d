import { escapeField, quote } from '../shell.ts';
import type { ServiceDetail } from './change.ts';

/** Gives the lines of a frame that do one act on a service (see runtime/apply-service.sh). */
export function serviceScript(detail: ServiceDetail): string[] {
  const { name, scope, act, noBlock, sleep } = detail;
  const after = { start: 'run,active', stop: 'run,inactive', restart: 'run,active', reload: 'run,active' }[
    act as string
  ];
  const planned = after ?? (act.startsWith('daemon') ? 'daemon' : 'boot,*');
  return [
    `co_r=service co_name=${quote(name)} co_q=${escapeField(name)} co_e=${quote(detail.expect)} co_a=${quote(planned)}`,
    `co_act=${act} co_scope=${scope} co_block=${noBlock ? 1 : ''} co_pause=${sleep}`,
    'co_service',
  ];
}
