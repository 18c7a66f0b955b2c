import type {
  EnvironmentName,
  GroupName,
  HostName,
  ImageId,
  ImageName,
  PoolName,
  ServiceName,
  UserId,
  ZoneName,
} from './ids.ts';
import type { Service } from './service.ts';

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
  /** Groups whose members may log in. Absent where the inventory does not say. */
  readonly access?: readonly GroupName[];
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

/** A playbook as it was at one commit, which cannot change any more. */
export interface Playbook {
  /** Its path in the repository. */
  readonly file: string;
  /** All 40 digits: a branch, a tag or a short form may come to mean another one. */
  readonly commit: string;
}

/** What is done to a freshly installed host, in this order: first the files, then the commands, then the playbook. */
export interface PostInstall {
  readonly files: readonly ConfiguredFile[];
  readonly commands: readonly (readonly string[])[];
  readonly playbook?: Playbook;
}

/** A file of the install server's folder, or of a hypervisor's folder of golden images. */
export interface BootFile {
  readonly path: string;
  /** In hex. What is there is compared with it before anything boots it. */
  readonly sha256: string;
}

/** How the installer of an image is booted and told what to install. Without one, an image is not installed on metal. */
export interface ImageInstaller {
  /** What asks for its answers: Anaconda, debian-installer, or Ubuntu's installer. */
  readonly kind: 'kickstart' | 'preseed' | 'autoinstall';
  readonly kernel: BootFile;
  readonly initrd: BootFile;
  /** The answers, with `{host}`, `{nonce}` and other values to be filled in; a file of the install server's folder. */
  readonly template: string;
  /** Where packages come from; for autoinstall, the ISO. */
  readonly repository?: string;
  /** More kernel arguments, e.g. `console=ttyS0`. */
  readonly arguments: readonly string[];
  /** Its first action puts back a boot entry that would not clear itself. */
  readonly restoresBootEntry: boolean;
}

/** How a guest of an image is made. Without one, an image is not installed on virtual hosts by a hypervisor's driver. */
export interface ImageGuest {
  /** A file of the folder of golden images on each hypervisor. */
  readonly disk: BootFile;
  /** What cloud-init is told, with `{host}`, `{nonce}` and other values to be filled in. */
  readonly userData: string;
}

/** Something to look for on the console of a host that is installed with an image, besides what is known of installers. */
export interface SitePattern {
  /** A regular expression of the harmless kind, tried line by line. */
  readonly match: string;
  /** `fatal` ends the wait for the host; a `warning` is told once. */
  readonly severity: 'fatal' | 'warning';
}

export interface Image {
  readonly id: ImageId;
  readonly name: ImageName;
  readonly version: string;
  readonly architectures: readonly string[];
  readonly kinds: readonly ('metal' | 'virtual')[];
  readonly postInstall: PostInstall;
  readonly installer?: ImageInstaller;
  readonly guest?: ImageGuest;
  readonly consolePatterns?: readonly SitePattern[];
}

/** Parsed and cross-checked: every name that is mentioned exists. */
export interface Inventory {
  /** Digest of the files it was read from. */
  readonly revision: string;
  readonly hosts: ReadonlyMap<HostName, Host>;
  readonly pools: ReadonlyMap<PoolName, Pool>;
  readonly images: ReadonlyMap<ImageId, Image>;
  readonly services: ReadonlyMap<ServiceName, Service>;
}

/** A person as the directory knows them. */
export interface Person {
  readonly id: UserId;
  readonly groups: readonly GroupName[];
}
