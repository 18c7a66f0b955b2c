import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { nearestWord } from '../../../domain/nearest-word.ts';
import type { Builder, BuildFarm } from '../../../jobs/ports/build-farm.ts';
import { describeHub } from './describe-hub.ts';
import { farmTasks } from './farm-tasks.ts';
import { type HostInfo, HostList, MaybeHostInfo } from './hub-answers.ts';
import { hubQuestions } from './hub-questions.ts';
import type { KojiSession } from './session.ts';
import { toMs } from './to-ms.ts';
import { keywords } from './xml-rpc-value.ts';

export interface KojiFarm extends BuildFarm {
  /** What answered, as whom, and what the bot may do there. */
  describe(signal: AbortSignal): Promise<string>;
}

export interface KojiFarmOptions {
  readonly session: KojiSession;
  /** The name a host has in koji. */
  readonly buildName: (host: HostName) => string;
}

/** Koji's builders. What is asked for twice is done once, because koji keeps a row for every change. */
export function kojiFarm({ session, buildName }: KojiFarmOptions): KojiFarm {
  const hub = hubQuestions(session);
  const { heldBy, rights, requeue, cancel } = farmTasks(hub);

  async function hostInfo(host: HostName, signal: AbortSignal): Promise<HostInfo> {
    const name = buildName(host);
    const info = await hub.ask(MaybeHostInfo, signal, 'getHost', name);
    if (info !== null) return info;
    const known = await hub.ask(HostList, signal, 'listHosts');
    throw unknownBuilder(hub.hubName, name, nearestWord(name, known.map(nameOf)));
  }

  async function setEnabled(host: HostName, enabled: boolean, signal: AbortSignal) {
    const info = await hostInfo(host, signal);
    if (info.enabled === enabled) return info;
    const method = enabled ? 'enableHost' : 'disableHost';
    const isDone = async () => (await hostInfo(host, signal)).enabled === enabled;
    await hub.change({ method, params: [info.name] }, signal, isDone);
    return info;
  }

  async function setComment(host: HostName, info: HostInfo, comment: string, signal: AbortSignal) {
    if (commentOf(info) === comment) return;
    // disableHost takes no comment, so it is a call of its own.
    const params = [info.name, keywords({ comment })];
    const isDone = async () => commentOf(await hostInfo(host, signal)) === comment;
    await hub.change({ method: 'editHost', params }, signal, isDone);
  }

  return {
    async builder(host, signal) {
      return toBuilder(await hostInfo(host, signal));
    },
    async tasks(host, signal) {
      return heldBy((await hostInfo(host, signal)).id, signal);
    },
    async outOfService(hosts, signal) {
      const all = await hub.ask(HostList, signal, 'listHosts');
      const enabled = new Set(all.filter((info) => info.enabled).map(nameOf));
      // A host that koji does not have takes no work from it either.
      return hosts.filter((host) => !enabled.has(buildName(host)));
    },
    async disable(host, comment, signal) {
      await setComment(host, await setEnabled(host, false, signal), comment, signal);
    },
    async enable(host, comment, signal) {
      await setComment(host, await setEnabled(host, true, signal), comment, signal);
    },
    rights,
    requeue,
    cancel,
    describe: (signal) => describeHub(hub, signal),
  };
}

function toBuilder(info: HostInfo): Builder {
  return {
    enabled: info.enabled,
    comment: commentOf(info),
    ready: info.ready,
    checkedInAt: toMs(info.update_ts),
  };
}

function commentOf(info: HostInfo): string {
  return info.comment ?? '';
}

function nameOf(info: HostInfo): string {
  return info.name;
}

function unknownBuilder(hub: string, name: string, nearest: string | undefined): Failure {
  return new Failure({
    code: 'farm.unknown-builder',
    problem: `koji at ${hub} has no builder ${name}`,
    because: nearest ? `the nearest it has is ${nearest}` : 'and none with a similar name',
    effect: 'none',
    next: "Nothing was changed. Set the host's build name in the inventory to its name in koji.",
  });
}
