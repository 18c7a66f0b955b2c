import { type HostName, type ImageId, StepId } from '../../domain/ids.ts';
import { hostOf, imageOf } from '../../domain/in-inventory.ts';
import type { Host, Inventory } from '../../domain/inventory.ts';
import { type Claim, digestOf, type PlannedStep } from '../model/plan.ts';
import { defineRunbook } from '../model/runbook.ts';
import { drainBuilder } from './common/drain-builder.ts';
import { awaitInstalled } from './reimage/await-installed.ts';
import { configure } from './reimage/configure.ts';
import { disableBuilder } from './reimage/disable-builder.ts';
import { ReimageFacts, ReimageInput } from './reimage/facts.ts';
import { hostsAndImage } from './reimage/hosts-and-image.ts';
import { prepare } from './reimage/prepare.ts';
import { proveImage } from './reimage/prove-image.ts';
import { reinstallMetal } from './reimage/reinstall-metal.ts';
import { reinstallVirtual } from './reimage/reinstall-virtual.ts';
import { restoreBuilder } from './reimage/restore-builder.ts';

/** Fedora's way of keeping a builder pristine: out of service, drained, reinstalled, configured, proved, back. */
export default defineRunbook({
  name: 'reimage',
  version: 1,
  command: {
    name: 'reimage',
    summary: 'Reinstall builders and put each back as it was found.',
    risk: 'destructive',
    ...hostsAndImage,
    examples: ['reimage builder-07', 'reimage builder-[07-09] image=f43-builder'],
  },
  input: ReimageInput,
  facts: ReimageFacts,
  async observe({ host, image }, { inventory }) {
    return factsOf(hostOf(inventory.current(), host), image, inventory.current());
  },
  plan: ({ host, image }, facts) => ({
    claims: claimsOf(host, facts),
    steps: stepsOf(host, image, facts),
  }),
  steps: {
    disable: disableBuilder,
    drain: drainBuilder,
    prepare,
    reinstallMetal,
    reinstallVirtual,
    awaitInstalled,
    configure,
    prove: proveImage,
    restore: restoreBuilder,
  },
  needs: {
    'on metal': ['farm', 'shell', 'witness', 'reports', 'installer'],
    'on virtual hosts': ['farm', 'shell', 'witness', 'reports', 'hypervisor'],
  },
  quarantineAfter: 3,
  ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
});

function factsOf(host: Host, image: ImageId, inventory: Inventory): ReimageFacts {
  const { postInstall, guest, installer } = imageOf(inventory, image);
  return {
    kind: host.kind,
    zone: host.zone,
    pool: host.pool ?? null,
    environment: host.environment,
    hypervisor: host.hypervisor ?? null,
    persistentDisks: host.disks.filter(({ persistent }) => persistent).map(({ name }) => name),
    postInstall: digestOf(postInstall),
    ...(host.kind === 'metal' && installer !== undefined && { installer: digestOf(installer) }),
    ...(host.kind === 'virtual' && guest !== undefined && { guest: digestOf(guest) }),
  };
}

function claimsOf(host: HostName, { pool }: ReimageFacts): readonly Claim[] {
  const lock: Claim = { kind: 'lock', key: `host/${host}` };
  return pool === null ? [lock] : [lock, { kind: 'budget', pool, host }];
}

function stepsOf(
  host: HostName,
  image: ImageId,
  { kind, zone, persistentDisks }: ReimageFacts,
): readonly PlannedStep[] {
  const on = { target: host, zone, recheck: false, skippable: false } as const;
  const kept = persistentDisks.length > 0 ? `, keeping ${persistentDisks.join(', ')}` : '';
  const away = `${host} is reinstalled and stays disabled in the build system`;
  return [
    {
      ...on,
      id: StepId.parse('disable'),
      uses: 'disable',
      with: { host },
      title: `disable ${host}`,
      risk: 'routine',
      undo: 'yes',
      leftBehind: `${host} is as it was`,
    },
    {
      ...on,
      id: StepId.parse('drain'),
      uses: 'drain',
      with: { host },
      title: `drain ${host}`,
      risk: 'routine',
      undo: 'nothing-to-undo',
      leftBehind: `${host} is disabled and goes on with its builds`,
    },
    {
      ...on,
      id: StepId.parse('prepare'),
      uses: 'prepare',
      with: { host, image, kind },
      title: `prepare ${image}`,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      leftBehind: `${host} is disabled and idle, nothing is armed`,
    },
    {
      ...on,
      id: StepId.parse('reinstall'),
      uses: kind === 'metal' ? 'reinstallMetal' : 'reinstallVirtual',
      with: { host, image },
      title: `reinstall ${host}${kept}`,
      risk: 'destructive',
      undo: 'no',
      recheck: true,
      leftBehind: `${host} is disabled; look at its console before it is restarted`,
    },
    {
      ...on,
      id: StepId.parse('await-ssh'),
      uses: 'awaitInstalled',
      with: { host, image },
      title: `wait for ${host}`,
      risk: 'read-only',
      undo: 'nothing-to-undo',
      leftBehind: `${host} is being reinstalled and stays disabled in the build system`,
    },
    {
      ...on,
      id: StepId.parse('configure'),
      uses: 'configure',
      with: { host, image },
      title: `configure ${host}`,
      risk: 'disruptive',
      undo: 'nothing-to-undo',
      leftBehind: away,
    },
    {
      ...on,
      id: StepId.parse('prove'),
      uses: 'prove',
      with: { host, image },
      title: `restart ${host} and prove ${image}`,
      risk: 'disruptive',
      undo: 'nothing-to-undo',
      leftBehind: away,
    },
    {
      ...on,
      id: StepId.parse('restore'),
      uses: 'restore',
      with: { host, kind },
      title: `put ${host} back`,
      risk: 'routine',
      undo: 'nothing-to-undo',
      leftBehind: `${host} is reinstalled and configured; look at it in the build system`,
    },
  ];
}
