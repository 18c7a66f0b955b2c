import type { HostName } from '../../domain/ids.ts';
import { type ConfigPart, problemOf } from './config-part.ts';
import { anyOf } from './did-you-mean.ts';
import { findCycles } from './find-cycles.ts';
import type { HostDraft } from './host-drafts.ts';
import { imageNameOf } from './host-references.ts';
import type { Declarations } from './inventory-declarations.ts';
import type { Problem } from './problem.ts';

/** Whether hosts make sense by themselves and beside each other. Names that do not exist are not found here. */
export function checkHosts(drafts: readonly HostDraft[], declared: Declarations): Problem[] {
  const byName = new Map(drafts.map((draft) => [draft.host.name, draft]));
  return [
    ...drafts.flatMap(hypervisorFits),
    ...drafts.flatMap((draft) => imageFits(draft, declared)),
    ...hypervisorCycles(byName),
    ...jumpCycles(byName),
    ...sharedBuildNames(drafts),
  ];
}

function hypervisorFits({ host, part, at }: HostDraft): Problem[] {
  if (host.kind === 'virtual' && host.hypervisor === undefined) {
    return [
      problemOf(part, {
        at: 'key',
        message: `virtual host "${host.name}" has no hypervisor`,
        expected: 'the host it runs on',
        next: 'add hypervisor, or make it kind: metal',
        value: host.name,
      }),
    ];
  }
  if (host.kind === 'virtual' || host.hypervisor === undefined) return [];
  return [
    problemOf(at('hypervisor'), {
      message: `metal host "${host.name}" has hypervisor "${host.hypervisor}"`,
      expected: 'no hypervisor, since it runs on no other host',
      next: 'remove it, or make the host kind: virtual',
    }),
  ];
}

function imageFits({ host, at }: HostDraft, { images }: Declarations): Problem[] {
  if (host.image === undefined) return [];
  const name = imageNameOf(host.image);
  const image = images.get(name)?.entry;
  if (image === undefined) return [];
  const next = `choose another image, or add it to ${name} when it was built for that`;
  const misfits = (what: string, own: string, fitting: readonly string[]): Problem[] =>
    fitting.includes(own)
      ? []
      : [
          problemOf(at('image'), {
            message: `image "${name}" does not fit host "${host.name}", whose ${what} is ${own}`,
            expected: `an image for ${own} (this one is for ${anyOf(fitting)})`,
            next,
          }),
        ];
  return [
    ...misfits('architecture', host.architecture, image.architectures),
    ...misfits('kind', host.kind, image.kinds),
  ];
}

type DraftsByName = ReadonlyMap<HostName, HostDraft>;

function hypervisorCycles(byName: DraftsByName): Problem[] {
  const under = (name: HostName) => {
    const hypervisor = byName.get(name)?.host.hypervisor;
    return hypervisor === undefined ? [] : [hypervisor];
  };
  return cycleProblems(byName, under, {
    where: ({ at }) => at('hypervisor'),
    says: (chain) => `"${chain[0]}" runs on itself: ${chain.join(' on ')}`,
    expected: 'a chain of hypervisors that ends at a metal host',
  });
}

function jumpCycles(byName: DraftsByName): Problem[] {
  const through = (name: HostName) => byName.get(name)?.host.ssh.jump ?? [];
  return cycleProblems(byName, through, {
    where: ({ at }) => at('ssh', 'jump'),
    says: (chain) => `"${chain[0]}" is reached through itself: ${chain.join(' through ')}`,
    expected: 'a chain of jump hosts that ends at one reached directly',
  });
}

interface CycleWords {
  readonly where: (draft: HostDraft) => ConfigPart;
  readonly says: (chain: readonly HostName[]) => string;
  readonly expected: string;
}

function cycleProblems(
  byName: DraftsByName,
  next: (name: HostName) => readonly HostName[],
  { where, says, expected }: CycleWords,
): Problem[] {
  return findCycles([...byName.keys()], next).flatMap((chain) => {
    const draft = chain[0] && byName.get(chain[0]);
    const remedy = 'take one of them out of the circle';
    if (draft === undefined) return [];
    return [problemOf(where(draft), { message: says(chain), expected, next: remedy })];
  });
}

/** Said once for each entry: a range whose build-name lacks `{host}` would say it for each of its hosts. */
function sharedBuildNames(drafts: readonly HostDraft[]): Problem[] {
  const first = new Map<string, HostDraft>();
  const told = new Set<ConfigPart>();
  return drafts.flatMap((draft) => {
    const key = `${draft.host.zone} ${draft.host.buildName}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, draft);
    if (other === undefined || told.has(draft.part)) return [];
    told.add(draft.part);
    return [sharedBuildName(draft, other)];
  });
}

function sharedBuildName({ host, part, at }: HostDraft, other: HostDraft): Problem {
  const { name, buildName, zone } = host;
  const place = at('build-name');
  return problemOf(place.value === undefined ? part : place, {
    at: place.value === undefined ? 'key' : 'value',
    message: `"${name}" and "${other.host.name}" both have build-name "${buildName}" in zone ${zone}`,
    expected: 'a name of its own for each host in the build system',
    next: 'change one of the two; "{host}" stands for the name of the host',
    value: buildName,
  });
}
