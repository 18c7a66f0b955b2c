import { Failure } from '../../domain/failure.ts';
import { type HostName, type ImageId, StepId } from '../../domain/ids.ts';
import { hostOf, imageOf } from '../../domain/in-inventory.ts';
import type { Inventory, Playbook } from '../../domain/inventory.ts';
import { NothingToDo } from '../model/nothing-to-do.ts';
import { type Claim, digestOf, type PlannedStep } from '../model/plan.ts';
import { defineRunbook } from '../model/runbook.ts';
import { applyConfiguration } from './configure/apply-configuration.ts';
import { changesInWords } from './configure/changes-in-words.ts';
import { ConfigureFacts, type Preview } from './configure/facts.ts';
import { previewPlaybook } from './configure/preview-playbook.ts';
import { ReimageInput } from './reimage/facts.ts';
import { hostsAndImage } from './reimage/hosts-and-image.ts';

/** Brings hosts to what their image says, as they are. The plan is what the playbook would change there. */
export default defineRunbook({
  name: 'configure',
  version: 1,
  command: {
    name: 'configure',
    summary: "Apply the playbook of hosts' image to them as they are.",
    risk: 'disruptive',
    ...hostsAndImage,
    examples: ['configure builder-07', 'configure builder-[07-09]'],
  },
  input: ReimageInput,
  facts: ConfigureFacts,
  looks: { atMostMs: 2 * 60_000 },
  async observe({ host, image }, { inventory, configuration }, signal, show) {
    const playbook = playbookOf(image, inventory.current());
    const preview = await previewPlaybook(configuration, { host, playbook }, signal, show);
    return factsOf(host, image, inventory.current(), playbook, preview);
  },
  plan({ host, image }, facts) {
    const changes = changesInWords(facts);
    if (changes.length === 0) throw nothingToChange(host, facts);
    return { claims: claimsOf(host, facts), steps: [stepOf(host, image, facts)], changes };
  },
  steps: { apply: applyConfiguration },
  needs: { 'of hosts': ['farm', 'shell', 'configuration'] },
  ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
});

function playbookOf(id: ImageId, inventory: Inventory): Playbook {
  const { playbook } = imageOf(inventory, id).postInstall;
  if (playbook !== undefined) return playbook;
  throw new Failure({
    code: 'configure.no-playbook',
    problem: `${id} cannot be applied to a host as it is`,
    because: 'the inventory names no playbook for it',
    effect: 'none',
    next: 'Name one in its post-install configuration; reimage does without.',
  });
}

function factsOf(
  name: HostName,
  image: ImageId,
  inventory: Inventory,
  playbook: Playbook,
  preview: Preview,
): ConfigureFacts {
  const { zone, pool = null, environment } = hostOf(inventory, name);
  const { postInstall } = imageOf(inventory, image);
  return {
    zone,
    pool,
    environment,
    postInstall: digestOf(postInstall),
    playbook: { file: playbook.file, commit: playbook.commit },
    files: postInstall.files.map(({ path }) => path),
    commands: postInstall.commands.map((words) => words.join(' ').replaceAll('{host}', name)),
    preview,
  };
}

function nothingToChange(host: HostName, { playbook: { file, commit } }: ConfigureFacts) {
  const found = `${file} at ${commit.slice(0, 12)} finds it as it should be`;
  return new NothingToDo(`nothing to change on ${host}`, found);
}

/**
 * The host stays in service and keeps its place in the pool, unless something there may be away for a moment: what
 * restarts, and whatever cannot be previewed.
 */
function claimsOf(host: HostName, { pool, preview, commands }: ConfigureFacts): readonly Claim[] {
  const lock: Claim = { kind: 'lock', key: `host/${host}` };
  const mayInterrupt = preview.restarts || preview.unseen > 0 || commands.length > 0;
  return pool === null || !mayInterrupt ? [lock] : [lock, { kind: 'budget', pool, host }];
}

function stepOf(host: HostName, image: ImageId, { zone }: ConfigureFacts): PlannedStep {
  return {
    id: StepId.parse('configure'),
    uses: 'apply',
    with: { host, image },
    title: `configure ${host}`,
    target: host,
    zone,
    risk: 'disruptive',
    // A playbook says how things are to be, and nowhere how they were.
    undo: 'no',
    // The plan was compared with the host when it started; half of it done, no retry would find it so again.
    recheck: false,
    skippable: false,
    leftBehind: `${host} may be configured in part`,
  };
}
