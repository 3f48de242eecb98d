import type { RawFacts } from './raw.ts';

/** Gives virtualization_type and virtualization_role, `NA` when nothing tells, and everything that was recognised. */
export function virtualFacts(raw: RawFacts): Record<string, unknown> {
  const container = containerKind(raw);
  const hypervisor = hypervisorKind(raw);
  return {
    ...typeAndRole(raw),
    virtualization_tech_guest: [
      ...(container === undefined ? [] : [container, 'container']),
      ...(hypervisor === undefined ? [] : [hypervisor]),
    ],
    virtualization_tech_host: hostTechnologies(raw),
  };
}

function hostTechnologies(raw: RawFacts): string[] {
  const modules = raw.file('/proc/modules').map((line) => line.split(' ')[0]);
  return [
    ...(modules.includes('kvm') || raw.has('/dev/kvm') ? ['kvm'] : []),
    ...(modules.includes('vboxdrv') ? ['virtualbox'] : []),
  ];
}

function typeAndRole(raw: RawFacts): Record<string, string> {
  const guest = containerKind(raw) ?? hypervisorKind(raw);
  if (guest !== undefined) return { virtualization_type: guest, virtualization_role: 'guest' };
  const [host] = hostTechnologies(raw);
  if (host !== undefined) return { virtualization_type: host, virtualization_role: 'host' };
  return { virtualization_type: 'NA', virtualization_role: 'NA' };
}

function containerKind(raw: RawFacts): string | undefined {
  if (raw.has('/run/.containerenv')) return 'podman';
  if (raw.has('/.dockerenv') || raw.has('/.dockerinit')) return 'docker';
  const named = raw.lines('container')[0]?.replace('container=', '');
  if (named !== undefined && named !== '') return named === 'lxc-libvirt' ? 'lxc' : named;
  const groups = raw.file('/proc/1/cgroup').join('\n');
  if (/\/docker[/-]/.test(groups)) return 'docker';
  if (/\/lxc\//.test(groups)) return 'lxc';
  if (raw.has('/proc/vz') && !raw.has('/proc/bc')) return 'openvz';
  return undefined;
}

function hypervisorKind(raw: RawFacts): string | undefined {
  const dmi = (file: string) => raw.first(`/sys/class/dmi/id/${file}`) ?? '';
  const product = dmi('product_name');
  const vendor = dmi('sys_vendor');
  const bios = dmi('bios_vendor');
  if (raw.has('/proc/xen') || bios === 'Xen') return 'xen';
  if (
    ['KVM', 'KVM Server', 'Bochs', 'AHV'].includes(product) ||
    /^(Google|DigitalOcean|Hetzner)/.test(vendor)
  )
    return 'kvm';
  if (vendor === 'Amazon EC2' || bios === 'Amazon EC2') return 'kvm';
  if (product === 'RHEV Hypervisor') return 'RHEV';
  if (product.startsWith('VMware')) return 'VMware';
  if (product === 'VirtualBox' || bios === 'innotek GmbH') return 'virtualbox';
  if (vendor === 'Microsoft Corporation' && product === 'Virtual Machine') return 'VirtualPC';
  if (vendor === 'Parallels Software International Inc.') return 'parallels';
  if (vendor === 'QEMU') return 'kvm';
  if (raw.file('/proc/cpuinfo').some((line) => /^model name.*QEMU Virtual CPU/.test(line))) return 'kvm';
  return undefined;
}
