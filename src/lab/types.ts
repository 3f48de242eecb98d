/** What a practice host is made with. */
export type LabBackend = 'embedded' | 'openssh';

/** The faults that a node's miniature Micro Integrator can show; `README.txt` of the pack explains each. */
export const FAULTS = [
  'faulty-capp',
  'broken-capp',
  'never-ready',
  'slow-start',
  'slow-stop',
  'port-taken',
  'crash',
  'lost-api',
] as const;

export type Fault = (typeof FAULTS)[number];

/** How a lab is built. */
export interface LabOptions {
  /** The lab's own folder. It must be absent, empty, or hold an older lab. */
  readonly dir: string;
  /** How many hosts, named node1, node2 ... Default 3. */
  readonly hosts?: number;
  readonly backend?: LabBackend;
  /** Puts a running miniature Micro Integrator 4.0.0 on each host. */
  readonly wso2?: boolean;
  /** Faults per host, such as `{ node2: ['faulty-capp'] }`. Only with `wso2`. */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>;
  /** Puts a secondary user store on each node, and the start flag that makes 4.1.0 read it. Only with `wso2`. */
  readonly userstores?: boolean;
  /** Heartbeat of the miniature's task coordination in milliseconds; a node counts as gone after three of them. Default 500. Only with `wso2`. */
  readonly heartbeatMs?: number;
  /** Lets the login users in by this password too; without it, only by key. */
  readonly password?: string;
  /** openssh: who the inventory logs in as. Default root; `deploy` may use sudo. */
  readonly login?: 'root' | 'deploy';
  /** openssh: password that `deploy` needs for sudo. Without it sudo asks for none. */
  readonly sudoPassword?: string;
  /** openssh: leaves Python on the hosts, for comparisons with tools that need it. */
  readonly python?: boolean;
  /** openssh: size of a host's disk, as tmpfs takes it. Default 1g. */
  readonly diskSize?: string;
  /** openssh: how a host gets its root. `binds` (read-only but for /etc, /opt, /srv, /var, /tmp, /home and /root) is what `overlay` falls back to. */
  readonly rootfs?: 'overlay' | 'binds';
  /** Forbids TCP forwarding, to practise for hosts that refuse it. */
  readonly refuseForwarding?: boolean;
}

/** One practice host. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** What a host owns on the controller's disk: the host's HOME and services (embedded), or its logs and state (openssh). */
  readonly folder: string;
  /** The root of the host's file system as the controller sees it: its own folder (embedded), or the merged overlay through /proc (openssh). */
  readonly root: string;
  /** openssh: the process that holds the host's namespaces. */
  readonly pid?: number;
}

/** What `lab.json` in the lab's folder says: enough to use the lab and to take it down. */
export interface LabState {
  readonly madeBy: 'cutover lab';
  readonly dir: string;
  readonly backend: LabBackend;
  readonly wso2: boolean;
  readonly inventory: string;
  readonly hosts: readonly LabHost[];
  /** embedded: the background process that serves all hosts. */
  readonly pid?: number;
}

/** A host, and whether it can be used now. */
export interface LabHostStatus extends LabHost {
  /** Something listens on the host's SSH port. */
  readonly reachable: boolean;
  /** The version that the node's `opt/wso2/mi` link names, and whether its process lives. Only with `wso2`. */
  readonly mi?: { readonly version: string | undefined; readonly running: boolean };
}

export interface LabStatus extends Omit<LabState, 'hosts' | 'madeBy'> {
  /** All hosts are reachable. */
  readonly up: boolean;
  readonly hosts: readonly LabHostStatus[];
}
