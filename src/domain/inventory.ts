import type {
  EnvironmentName,
  GroupName,
  HostName,
  ImageId,
  ImageName,
  PoolName,
  UserId,
  ZoneName,
} from './ids.ts';

export interface SshAccess {
  /** Where to connect; the host's address when absent. */
  readonly address?: string;
  readonly port: number;
  readonly user: string;
  /** Hosts of the inventory to go through, outermost first. */
  readonly jump: readonly HostName[];
  /** Commands that need root are prefixed with `sudo -n`. */
  readonly sudo: boolean;
}

export interface Disk {
  readonly name: string;
  /** A persistent disk keeps its content through a reimage. */
  readonly persistent: boolean;
}

export interface Host {
  readonly name: HostName;
  readonly kind: 'metal' | 'virtual';
  readonly address: string;
  readonly pool?: PoolName;
  readonly zone: ZoneName;
  readonly environment: EnvironmentName;
  readonly architecture: string;
  readonly site?: string;
  readonly rack?: string;
  /** Where a virtual host runs: another host of the inventory. */
  readonly hypervisor?: HostName;
  /** Address of the management controller of a metal host. */
  readonly bmc?: string;
  /** The name it has in the build system; its own name when absent there. */
  readonly buildName: string;
  /** What a reimage installs when nobody says otherwise. */
  readonly image?: ImageId;
  readonly disks: readonly Disk[];
  readonly ssh: SshAccess;
}

export interface Pool {
  readonly name: PoolName;
  /** How many of its hosts may be away at the same moment. */
  readonly maxUnavailable: number;
  /** At least one host of each architecture stays in service. */
  readonly onePerArchitecture: boolean;
  readonly hosts: readonly HostName[];
}

export interface ConfiguredFile {
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  /** The text itself, with `{host}` replaced by the host's name. */
  readonly content?: string;
  /** The name of a secret source; what it gives never enters plan, journal or log. */
  readonly secret?: string;
}

/** What is done to a freshly installed host, in this order: first the files, then the commands. */
export interface PostInstall {
  readonly files: readonly ConfiguredFile[];
  readonly commands: readonly (readonly string[])[];
}

export interface Image {
  readonly id: ImageId;
  readonly name: ImageName;
  readonly version: string;
  readonly architectures: readonly string[];
  readonly kinds: readonly ('metal' | 'virtual')[];
  readonly postInstall: PostInstall;
}

/** Parsed and cross-checked: every name that is mentioned exists. */
export interface Inventory {
  /** Digest of the files it was read from. */
  readonly revision: string;
  readonly hosts: ReadonlyMap<HostName, Host>;
  readonly pools: ReadonlyMap<PoolName, Pool>;
  readonly images: ReadonlyMap<ImageId, Image>;
}

/** A person as the directory knows them. */
export interface Person {
  readonly id: UserId;
  readonly groups: readonly GroupName[];
}
