import type { FrameParts } from '../frame.ts';
import { escapeField, quote } from '../shell.ts';
import type { GroupDetail, UserDetail } from './detail.ts';

/** Gives the lines of a frame that make one account change (see runtime/apply-account.sh). */
export function userScript(detail: UserDetail, parts: FrameParts): string[] {
  const { name, action, wanted } = detail;
  const tool = { create: 'useradd', modify: 'usermod', remove: 'userdel' }[action];
  const wipes = action === 'remove' && wanted.remove === true;
  const act = { create: userAdd, modify: userModify, remove: userRemove }[action](detail);
  return [
    `co_r=user co_name=${quote(name)} co_q=${escapeField(name)} co_e=${quote(detail.expect)} co_tool=${tool}`,
    `co_home=${quote(detail.newHome ?? '')} co_wipe=${wipes ? quote(detail.home ?? '') : ''}`,
    `co_skel=${quote(wanted.skeleton ?? '/etc/skel')}`,
    `co_a=${action === 'remove' ? 'absent' : "'user,*'"} co_act=${quote(act.tools)} co_act_busybox=${quote(act.busybox)}`,
    `co_pass=${detail.hash === undefined ? '' : quote(parts.bytes(Buffer.from(`${name}:${detail.hash}\n`)))}`,
    'co_user',
  ];
}

/** Gives the lines of a frame that make one group change. */
export function groupScript({ name, action, wanted, expect }: GroupDetail): string[] {
  const word = quote(name);
  const id = wanted.gid === undefined ? '' : ` -g ${wanted.gid}`;
  const same = wanted.nonUnique ? ' -o' : '';
  const acts = {
    create: {
      tool: 'groupadd',
      tools: `groupadd${id}${same}${wanted.system ? ' -r' : ''} ${word}`,
      busybox: `addgroup${id}${wanted.system ? ' -S' : ''} ${word}`,
    },
    modify: {
      tool: 'groupmod',
      tools: `groupmod${id}${same} ${word}`,
      busybox: `co_db_line /etc/group ${word} && co_db_put /etc/group ${word} ${word}:x:${wanted.gid}:"\${co_v##*:}"`,
    },
    remove: { tool: 'groupdel', tools: `groupdel ${word}`, busybox: `delgroup ${word}` },
  }[action];
  const after = action === 'remove' ? 'absent' : `group,${wanted.gid ?? '*'}`;
  return [
    `co_r=group co_name=${word} co_q=${escapeField(name)} co_e=${quote(expect)} co_a=${quote(after)} co_tool=${acts.tool}`,
    `co_act=${quote(acts.tools)} co_act_busybox=${quote(acts.busybox)}`,
    'co_grp',
  ];
}

interface Acts {
  readonly tools: string;
  readonly busybox: string;
}

function userAdd({ name, wanted, groups }: UserDetail): Acts {
  const words = ['useradd', ...sharedOptions(wanted, groups)];
  if (wanted.system) words.push('-r');
  words.push(wanted.createHome === false ? '-M' : '-m');
  if (wanted.skeleton !== undefined) words.push('-k', quote(wanted.skeleton));
  if (wanted.umask !== undefined) words.push('-K', quote(`UMASK=${wanted.umask}`));
  const word = quote(name);
  // A group of the same name that is there already would make useradd refuse; the account then gets the default group.
  const plain = wanted.group === undefined ? `$(if co_db_line /etc/group ${word}; then echo -N; fi)` : '';
  const busy = ['adduser -D'];
  if (wanted.createHome === false) busy.push('-H');
  if (wanted.system) busy.push('-S');
  if (wanted.uid !== undefined) busy.push('-u', String(wanted.uid));
  if (wanted.group !== undefined) busy.push('-G', quote(String(wanted.group)));
  if (wanted.home !== undefined) busy.push('-h', quote(wanted.home));
  if (wanted.shell !== undefined) busy.push('-s', quote(wanted.shell));
  if (wanted.comment !== undefined) busy.push('-g', quote(wanted.comment));
  const joins = (groups ?? []).map((group) => ` && addgroup ${word} ${quote(group)}`).join('');
  return { tools: `${words.join(' ')} ${plain} ${word}`, busybox: `${busy.join(' ')} ${word}${joins}` };
}

function userModify({ name, wanted, groups, differs, lock }: UserDetail): Acts {
  const only = Object.fromEntries(
    Object.entries(wanted).filter(([field]) => differs.includes(field === 'expires' ? 'expiresDay' : field)),
  ) as UserDetail['wanted'];
  const words = ['usermod', ...sharedOptions({ ...only, nonUnique: wanted.nonUnique }, groups)];
  if (only.home !== undefined && wanted.moveHome) words.push('-m');
  if (lock) words.push(lock === 'lock' ? '-L' : '-U');
  const word = quote(name);
  const tools = words.length > 1 ? `${words.join(' ')} ${word}` : ':';
  const puts: string[] = [];
  const busy: string[] = [];
  if (only.uid !== undefined) puts.push('3', String(only.uid));
  if (only.group !== undefined) busy.push(`co_gid_of ${quote(String(only.group))}`, 'co_put 4 "$co_v"');
  if (only.comment !== undefined) puts.push('5', quote(only.comment));
  if (only.home !== undefined) puts.push('6', quote(only.home));
  if (only.shell !== undefined) puts.push('7', quote(only.shell));
  if (puts.length > 0) busy.push(`co_put ${puts.join(' ')}`);
  if (lock) busy.push(`passwd -${lock === 'lock' ? 'l' : 'u'} ${word} >/dev/null`);
  if (groups !== undefined) busy.push(`co_db_members ${word} /etc/group ${quote(groups.join('+'))}`);
  return { tools, busybox: busy.length > 0 ? busy.join(' && ') : ':' };
}

function userRemove({ name, wanted }: UserDetail): Acts {
  const word = quote(name);
  const remove = wanted.remove ? ' -r' : '';
  const force = wanted.force ? ' -f' : '';
  // With -r it ends with 12 when it had to leave the home, which is another's (userdel(8)): the account is gone, and the wish not met.
  const tools = `userdel${force}${remove} ${word} && ! co_db_line /etc/passwd ${word}`;
  return { tools, busybox: `deluser${wanted.remove ? ' --remove-home' : ''} ${word}` };
}

function sharedOptions(
  wanted: Partial<UserDetail['wanted']>,
  groups: readonly string[] | undefined,
): string[] {
  const words: string[] = [];
  if (wanted.uid !== undefined) words.push('-u', String(wanted.uid), ...(wanted.nonUnique ? ['-o'] : []));
  if (wanted.group !== undefined) words.push('-g', quote(String(wanted.group)));
  if (groups !== undefined) words.push('-G', quote(groups.join(',')));
  if (wanted.comment !== undefined) words.push('-c', quote(wanted.comment));
  if (wanted.home !== undefined) words.push('-d', quote(wanted.home));
  if (wanted.shell !== undefined) words.push('-s', quote(wanted.shell));
  if (wanted.expires !== undefined) words.push('-e', quote(expiryDate(wanted.expires)));
  return words;
}

function expiryDate(seconds: number): string {
  return seconds < 0 ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);
}
