import type { RawFacts } from './raw.ts';

/** Gives memory, swap, processors, mounts, load, uptime and what the firmware says. */
export function hardwareFacts(raw: RawFacts): Record<string, unknown> {
  return {
    ...memoryFacts(raw),
    ...processorFacts(raw),
    mounts: mounts(raw),
    uptime_seconds: Math.floor(Number(raw.first('/proc/uptime')?.split(' ')[0] ?? 0)),
    loadavg: loads(raw),
    ...firmwareFacts(raw),
  };
}

function memoryFacts(raw: RawFacts): Record<string, unknown> {
  const kib: Record<string, number> = {};
  for (const line of raw.file('/proc/meminfo')) {
    const [, name, value] = /^(\w+):\s+(\d+)/.exec(line) ?? [];
    if (name !== undefined) kib[name] = Number(value);
  }
  const mb = (name: string) => Math.floor((kib[name] ?? 0) / 1024);
  const [total, free, swapTotal, swapFree] = [mb('MemTotal'), mb('MemFree'), mb('SwapTotal'), mb('SwapFree')];
  const cached = Math.floor(((kib.MemFree ?? 0) + (kib.Cached ?? 0) + (kib.Buffers ?? 0)) / 1024);
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swapTotal,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, free, used: total - free },
      nocache: { free: cached, used: total - cached },
      swap: { total: swapTotal, free: swapFree, used: swapTotal - swapFree, cached: mb('SwapCached') },
    },
  };
}

function processorFacts(raw: RawFacts): Record<string, unknown> {
  const list: string[] = [];
  const sockets = new Set<string>();
  let cores = 0;
  let siblings = 0;
  let logical = 0;
  for (const line of raw.file('/proc/cpuinfo')) {
    const [name = '', value = ''] = line.split(':').map((part) => part.trim());
    if (name === 'processor') {
      logical++;
      list.push(value);
    } else if (name === 'vendor_id' || name === 'model name' || name === 'Processor') list.push(value);
    else if (name === 'physical id') sockets.add(value);
    else if (name === 'cpu cores') cores = Number(value);
    else if (name === 'siblings') siblings = Number(value);
  }
  const count = sockets.size || logical || 1;
  const perSocket = sockets.size > 0 && cores > 0 ? cores : 1;
  const threads = cores > 0 && siblings > 0 ? Math.max(1, Math.floor(siblings / cores)) : 1;
  return {
    processor: list,
    processor_count: count,
    processor_cores: perSocket,
    processor_threads_per_core: threads,
    processor_vcpus: count * perSocket * threads,
    processor_nproc: Number(raw.lines('cpus')[0] ?? logical),
  };
}

function mounts(raw: RawFacts): Record<string, unknown>[] {
  const sizes = new Map(
    raw.lines('sizes').map((line) => {
      const [size, total, available, inodes, inodesFree, ...path] = line.split('|');
      return [path.join('|'), [size, total, available, inodes, inodesFree].map(Number)] as const;
    }),
  );
  const uuids = new Map<string, string>(
    raw.lines('uuids').flatMap((line) => {
      const [, uuid, device] = /(\S+) -> (?:\.\.\/)*(\S+)$/.exec(line) ?? [];
      return uuid === undefined ? [] : [[`/dev/${device}`, uuid] as const];
    }),
  );
  return raw
    .file('/proc/mounts')
    .map((line) => line.split(' ').map(unescapeMount))
    .filter(
      ([device = '', , fstype]) => (device.startsWith('/') || device.includes(':/')) && fstype !== 'none',
    )
    .map(([device = '', mount = '', fstype, options]) => {
      const [size = 0, total = 0, available = 0, inodes = 0, inodesFree = 0] = sizes.get(mount) ?? [];
      return {
        device,
        mount,
        fstype,
        options,
        uuid: uuids.get(device) ?? 'N/A',
        ...(sizes.has(mount) && {
          block_size: size,
          block_total: total,
          block_available: available,
          block_used: total - available,
          size_total: size * total,
          size_available: size * available,
          inode_total: inodes,
          inode_available: inodesFree,
          inode_used: inodes - inodesFree,
        }),
      };
    });
}

/** The kernel writes blanks and the like in /proc/mounts as \040. */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function loads(raw: RawFacts): Record<string, number> {
  const [one, five, fifteen] = (raw.first('/proc/loadavg') ?? '').split(' ').map(Number);
  return { '1m': one ?? 0, '5m': five ?? 0, '15m': fifteen ?? 0 };
}

/** Fact name to file in /sys/class/dmi/id; what is missing or unreadable is `NA`. */
const FIRMWARE: Record<string, string> = {
  bios_date: 'bios_date',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  board_asset_tag: 'board_asset_tag',
  board_name: 'board_name',
  board_serial: 'board_serial',
  board_vendor: 'board_vendor',
  board_version: 'board_version',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_vendor: 'chassis_vendor',
  chassis_version: 'chassis_version',
  product_name: 'product_name',
  product_serial: 'product_serial',
  product_uuid: 'product_uuid',
  product_version: 'product_version',
  system_vendor: 'sys_vendor',
};

function firmwareFacts(raw: RawFacts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(FIRMWARE).map(([fact, file]) => [fact, raw.first(`/sys/class/dmi/id/${file}`) || 'NA']),
  );
}
