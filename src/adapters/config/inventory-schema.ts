import * as z from 'zod';
import {
  EnvironmentName,
  GroupName,
  HostName,
  ImageName,
  PoolName,
  ServiceName,
  ZoneName,
} from '../../domain/ids.ts';
import { patternProblem } from '../../jobs/console/safe-pattern.ts';

const KINDS = ['metal', 'virtual'] as const;

const text = z.string().min(1, 'expected text that is not empty');
const yesOrNo = z.boolean();
const architecture = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'expected an architecture such as x86_64');

/** `name:` with nothing after it is an entry that leaves everything at its default. */
const emptyIsMap = (value: unknown) => value ?? {};

const SshEntry = z.strictObject({
  address: text.optional(),
  user: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'expected a user name such as root')
    .optional(),
  port: z
    .number()
    .int('expected a port from 1 to 65535')
    .min(1, 'expected a port from 1 to 65535')
    .max(65_535, 'expected a port from 1 to 65535')
    .optional(),
  jump: z.array(HostName).optional(),
  sudo: yesOrNo.optional(),
});

const DiskEntry = z.strictObject({ name: text, persistent: yesOrNo.default(false) });

const access = z.array(GroupName).min(1, 'expected at least one group').optional();

const commonFields = {
  zone: ZoneName.optional(),
  environment: EnvironmentName.optional(),
  architecture: architecture.optional(),
  site: text.optional(),
  disks: z.array(DiskEntry).optional(),
  ssh: SshEntry.optional(),
  access,
};

/** What every host has that does not say otherwise. What a host could not take back, such as a pool, is not for all. */
export const DefaultsEntry = z.preprocess(emptyIsMap, z.strictObject(commonFields));
export type DefaultsEntry = z.infer<typeof DefaultsEntry>;

export const HostEntry = z.preprocess(
  emptyIsMap,
  z.strictObject({
    kind: z.enum(KINDS).optional(),
    pool: PoolName.optional(),
    hypervisor: HostName.optional(),
    image: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9._-]*(?:@[A-Za-z0-9][A-Za-z0-9._-]*)?$/,
        'expected an image such as f43-builder, or with its version f43-builder@2026.11.18',
      )
      .optional(),
    rack: text.optional(),
    ...commonFields,
    address: text.optional(),
    bmc: text.optional(),
    'build-name': text.optional(),
  }),
);
export type HostEntry = z.infer<typeof HostEntry>;

const BUDGET = 'expected a number of hosts such as 2, or a part of the pool such as 10%';

export const PoolEntry = z.preprocess(
  emptyIsMap,
  z.strictObject({
    'max-unavailable': z
      .union([z.int(BUDGET).min(0, BUDGET), z.string().regex(/^\d{1,3}%$/, BUDGET)], BUDGET)
      .default(1),
    'one-per-architecture': yesOrNo.default(false),
    access,
  }),
);
export type PoolEntry = z.infer<typeof PoolEntry>;

const absolutePath = z
  .string()
  .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))/, 'expected a path from the root such as /etc/motd');

const FileEntry = z
  .strictObject({
    path: absolutePath,
    mode: z.string().regex(/^0?[0-7]{3}$/, 'expected an octal mode such as "0644"'),
    owner: z
      .string()
      .regex(/^[a-z_][a-z0-9_.:-]*$/, 'expected an owner such as root or root:kojid'),
    content: z.string().optional(),
    secret: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as koji-cert')
      .optional(),
  })
  .refine(({ content, secret }) => (content === undefined) !== (secret === undefined), {
    error: 'expected exactly one of content and secret',
  });

const PLAYBOOK = 'expected a playbook by its path in the repository, such as site.yml';
const COMMIT = 'expected all 40 digits of a commit; a branch, a tag or a short form may move';

export const PlaybookEntry = z.strictObject({
  file: z
    .string(PLAYBOOK)
    .regex(
      /^(?!\.\.?\/)[A-Za-z0-9_.][A-Za-z0-9_.-]*(?:\/(?!\.\.?\/)[A-Za-z0-9_.][A-Za-z0-9_.-]*)*\.ya?ml$/,
      PLAYBOOK,
    ),
  commit: z.string(COMMIT).regex(/^[0-9a-f]{40}$/, COMMIT),
});

const PostInstallEntry = z.strictObject({
  files: z.array(FileEntry).default([]),
  commands: z.array(z.array(text).min(1, 'expected a command and its arguments')).default([]),
  playbook: PlaybookEntry.optional(),
});

const insideFolder = (expected: string) =>
  z
    .string()
    .regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.+-]+(?:\/[A-Za-z0-9_.+-]+)*$/, expected);
const installFile = insideFolder(
  "expected a file of the install server's folder such as f43/vmlinuz",
);

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 digits as sha256sum prints them, in quotes');

const BootFileEntry = z.strictObject({
  path: installFile,
  sha256,
});

/** It stands in boot loaders' files, where some signs mean something to some of them, and no word holds a space. */
const kernelArgument = z
  .string()
  .regex(
    /^[A-Za-z0-9_@%+:,./=;?&~[\]-]+$/,
    'expected one kernel argument such as console=ttyS0, without spaces or quotes',
  );

const ImageInstallerEntry = z.strictObject({
  kind: z.enum(['kickstart', 'preseed', 'autoinstall']),
  kernel: BootFileEntry,
  initrd: BootFileEntry,
  template: installFile,
  repository: z
    .string()
    .regex(
      /^(?:https?|ftp|nfs):[A-Za-z0-9_@%+:,./=?&~-]+$/,
      'expected a URL such as http://mirror.example.org/f43/os/',
    )
    .optional(),
  arguments: z.array(kernelArgument).default([]),
  'restores-boot-entry': yesOrNo.default(false),
});

const ConsoleEntry = z.strictObject({
  patterns: z
    .array(
      z.strictObject({
        match: z.string().superRefine((source, { addIssue }) => {
          const wanted = patternProblem(source);
          if (wanted !== undefined) addIssue(`expected ${wanted}`);
        }),
        severity: z.enum(['fatal', 'warning']),
      }),
    )
    .min(1, 'expected at least one pattern'),
});

const version = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected a version such as 2026.11.18');

const GoldenDiskEntry = z.strictObject({
  path: insideFolder('expected a file of the folder of golden images such as f43/builder.qcow2'),
  sha256,
});

/** What an image has to tell cloud-init, or a new guest could not prove itself. */
const USER_DATA_NEEDS = ['{nonce}', '{report-url}'] as const;

const userData = z
  .string()
  .regex(
    /^#(?:cloud-config[ \t]*\n|!)/,
    'expected what cloud-init takes, which begins with a line "#cloud-config" or with "#!"',
  )
  .refine((text) => USER_DATA_NEEDS.every((name) => text.includes(name)), {
    error: `expected ${USER_DATA_NEEDS.join(' and ')} in it, with which a new guest reports`,
  });

const ImageGuestEntry = z.strictObject({
  disks: z.record(version, GoldenDiskEntry),
  'user-data': userData,
});

export const ImageEntry = z.strictObject({
  versions: z.array(version).min(1, 'expected at least one version, the newest first'),
  architectures: z.array(architecture).min(1, 'expected at least one architecture'),
  kinds: z
    .array(z.enum(KINDS))
    .min(1, 'expected metal, virtual or both')
    .default([...KINDS]),
  'post-install': PostInstallEntry.default({ files: [], commands: [] }),
  installer: ImageInstallerEntry.optional(),
  guest: ImageGuestEntry.optional(),
  console: ConsoleEntry.optional(),
});
export type ImageEntry = z.infer<typeof ImageEntry>;

const section = z.preprocess(emptyIsMap, z.record(z.string(), z.unknown()));

/** One file of an inventory: every section may also stand in another file of the same folder. */
export const InventorySections = z.preprocess(
  emptyIsMap,
  z.strictObject({
    defaults: z.unknown().optional(),
    images: section.optional(),
    pools: section.optional(),
    hosts: section.optional(),
    services: section.optional(),
  }),
);

export const SECTION_NAMES = {
  images: ImageName,
  pools: PoolName,
  hosts: HostName,
  services: ServiceName,
} as const;
