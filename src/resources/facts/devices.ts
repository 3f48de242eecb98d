import type { RawFacts } from './raw.ts';

interface Links {
  readonly ids: readonly string[];
  readonly uuids: readonly string[];
  readonly labels: readonly string[];
  readonly masters: readonly string[];
}

/** Gives block devices with their partitions, and the names under which the system links to them. */
export function deviceFacts(raw: RawFacts): Record<string, unknown> {
  const links = readLinks(raw);
  const devices: Record<string, unknown> = {};
  for (const name of names(raw, /^\/sys\/block\/([^/]+)\/size$/))
    devices[name] = deviceFact(raw, name, links);
  return { devices, device_links: links };
}

function deviceFact(raw: RawFacts, name: string, links: LinkTables): Record<string, unknown> {
  const sys = (path: string) => raw.first(`/sys/block/${name}/${path}`);
  const sectors = sys('size') ?? '0';
  const partitions: Record<string, unknown> = {};
  for (const part of names(raw, new RegExp(`^/sys/block/${plainPattern(name)}/([^/]+)/start$`))) {
    const own = (path: string) => sys(`${part}/${path}`);
    const linksOfPart = linksOf(links, part);
    partitions[part] = {
      start: own('start') ?? '0',
      sectors: own('size') ?? '0',
      sectorsize: Number(sys('queue/logical_block_size') ?? 512),
      size: human(Number(own('size') ?? 0) * SECTOR),
      uuid: linksOfPart.uuids[0] ?? null,
      links: linksOfPart,
      holders: holders(raw, `${name}/${part}`),
    };
  }
  return {
    virtual: 1,
    links: linksOf(links, name),
    vendor: sys('device/vendor') ?? null,
    model: sys('device/model') ?? null,
    sas_address: sys('device/sas_address') ?? null,
    sas_device_handle: sys('device/sas_device_handle') ?? null,
    ...(sys('device/serial') && { serial: sys('device/serial') }),
    ...(sys('device/wwid') && { wwn: sys('device/wwid') }),
    removable: sys('removable') ?? '0',
    support_discard: sys('queue/discard_granularity') ?? '0',
    partitions,
    rotational: sys('queue/rotational') ?? '0',
    scheduler_mode: scheduler(sys('queue/scheduler')),
    sectors,
    sectorsize: sys('queue/logical_block_size') ?? '512',
    size: human(Number(sectors) * SECTOR),
    host: '',
    holders: holders(raw, name),
  };
}

/** The kernel counts in these, whatever the device's own sectors are. */
const SECTOR = 512;

/** The scheduler in brackets is the one in use; a single word needs none. */
function scheduler(text: string | undefined): string {
  if (text === undefined) return '';
  return /\[(.*?)\]/.exec(text)?.[1] ?? text.trim();
}

/** `256.00 GB`, in powers of 1024. */
function human(bytes: number): string {
  const units = ['YB', 'ZB', 'EB', 'PB', 'TB', 'GB', 'MB', 'KB'];
  for (const [index, unit] of units.entries()) {
    const limit = 1024 ** (units.length - index);
    if (bytes >= limit) return `${(bytes / limit).toFixed(2)} ${unit}`;
  }
  return `${bytes.toFixed(2)} Bytes`;
}

/** Device mapper names where there are, else device names. */
function holders(raw: RawFacts, path: string): string[] {
  return names(
    raw,
    new RegExp(`^/sys/block/${plainPattern(path)}/holders/([^/]+)$`),
    raw.lines('holders'),
  ).map((holder) => raw.first(`/sys/block/${holder}/dm/name`) ?? holder);
}

type LinkTables = Readonly<Record<keyof Links, Readonly<Record<string, readonly string[]>>>>;

function readLinks(raw: RawFacts): LinkTables {
  const masters: Record<string, string[]> = {};
  for (const line of raw.lines('holders')) {
    const [, device, master] = /^\/sys\/block\/([^/]+)\/slaves\/([^/]+)$/.exec(line) ?? [];
    if (device !== undefined && master !== undefined) masters[master] = [...(masters[master] ?? []), device];
  }
  return { ids: table(raw, 'ids'), uuids: table(raw, 'uuids'), labels: table(raw, 'labels'), masters };
}

/** Lines of `ls -l` of a folder of links. */
function table(raw: RawFacts, part: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of raw.lines(part)) {
    const [, name, device] = /(\S+) -> (?:.*\/)?([^/\s]+)$/.exec(line) ?? [];
    if (name === undefined || device === undefined) continue;
    // udev writes a blank as \x20.
    const plain = name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    found[device] = [...(found[device] ?? []), plain];
  }
  return found;
}

function linksOf(tables: LinkTables, device: string): Links {
  const { ids, uuids, labels, masters } = tables;
  return {
    ids: ids[device] ?? [],
    uuids: uuids[device] ?? [],
    labels: labels[device] ?? [],
    masters: masters[device] ?? [],
  };
}

function names(raw: RawFacts, pattern: RegExp, paths: readonly string[] = raw.paths): string[] {
  return [...new Set(paths.flatMap((path) => pattern.exec(path)?.[1] ?? []))];
}

const plainPattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Gives volume groups, logical and physical volumes; `N/A` where there are no LVM tools or nobody may use them. */
export function lvmFacts(raw: RawFacts): Record<string, unknown> {
  if (!raw.names.includes('vgs')) return { lvm: 'N/A' };
  const rows = (part: string) => raw.lines(part).map((line) => line.trim().split(','));
  return {
    lvm: {
      vgs: Object.fromEntries(
        rows('vgs').map(([name, pvs, lvs, size, free]) => [
          name,
          { size_g: size, free_g: free, num_lvs: lvs, num_pvs: pvs },
        ]),
      ),
      lvs: Object.fromEntries(rows('lvs').map(([name, vg, size]) => [name, { size_g: size, vg }])),
      pvs: Object.fromEntries(
        rows('pvs').map(([name, vg, size, free]) => [name, { size_g: size, free_g: free, vg }]),
      ),
    },
  };
}
