import type { RawFacts } from './raw.ts';

/** Gives the names under which the machine is known to storage networks, the kind of its case, and whether it is a chroot. */
export function storageFacts(raw: RawFacts): Record<string, unknown> {
  const iqn = raw
    .file('/etc/iscsi/initiatorname.iscsi')
    .find((line) => line.startsWith('InitiatorName='))
    ?.slice('InitiatorName='.length)
    .trim();
  const ports = raw.paths.filter((path) => path.startsWith('/sys/class/fc_host/'));
  return {
    iscsi_iqn: iqn ?? '',
    hostnqn: raw.first('/etc/nvme/hostnqn') ?? '',
    fibre_channel_wwn: ports.map((path) => raw.first(path)!.replace(/^0x/, '')),
    form_factor: formFactor(raw),
    is_chroot: isChroot(raw),
  };
}

/** System enclosure types of the SMBIOS specification (DSP0134, table 17), from number 1. */
const CASES =
  'Other|Unknown|Desktop|Low Profile Desktop|Pizza Box|Mini Tower|Tower|Portable|Laptop|Notebook|Hand Held|Docking Station|All In One|Sub Notebook|Space-saving|Lunch Box|Main Server Chassis|Expansion Chassis|Sub Chassis|Bus Expansion Chassis|Peripheral Chassis|RAID Chassis|Rack Mount Chassis|Sealed-case PC|Multi-system|CompactPCI|AdvancedTCA|Blade|Blade Enclosure|Tablet|Convertible|Detachable|IoT Gateway|Embedded PC|Mini PC|Stick PC'.split(
    '|',
  );

function formFactor(raw: RawFacts): string {
  const kind = Number(raw.first('/sys/class/dmi/id/chassis_type'));
  return CASES[kind - 1] ?? 'NA';
}

/** The root of the first process is another folder than ours. Without the right to look there, nothing says so. */
function isChroot(raw: RawFacts): boolean {
  const [own, first] = raw.lines('roots');
  return own !== undefined && first !== undefined && own !== first;
}
