import type { GroupName, HostName } from '../../domain/ids.ts';
import type { Host } from '../../domain/inventory.ts';
import { authorize } from '../../policies/authorize.ts';
import type { Member, Members } from '../../policies/directory.ts';
import type { Bot } from '../bot.ts';
import { type Asker, defineCommand, type Reply } from '../command.ts';
import { counted } from '../narrator/in-words.ts';
import { directorySilent, refusal } from '../refusal.ts';

const SHOWN = 20;

export default defineCommand({
  spec: {
    name: 'access',
    summary: 'Who may log in on a host, by which group and with which SSH keys.',
    risk: 'read-only',
    positional: [
      { name: 'host', kind: 'host', required: true, expected: 'a host such as builder-07' },
    ],
    options: [],
    flags: [],
    examples: ['access builder-07'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const host = bot.inventory().hosts.get(args.host as HostName);
    if (host === undefined) return [`there is no host ${args.host}`];
    const { access, name, pool } = host;
    if (access === undefined) {
      const next = `Add access to ${pool ? `@${pool}` : 'it'} in the inventory.`;
      return [
        refusal(asker, { because: `the inventory does not say who may reach ${name}`, next }),
      ];
    }
    return accessOf(host, access, asker, bot);
  },
});

interface GroupMembers {
  readonly group: GroupName;
  readonly found: Members;
}

async function accessOf(
  host: Host,
  access: readonly GroupName[],
  asker: Asker,
  bot: Bot,
): Promise<Reply> {
  const asked = access.map(async (group) => {
    return { group, found: await bot.directory.membersOf(group, 'fresh') };
  });
  const groups = await Promise.all(asked);
  const silent = groups.find(({ found }) => found.kind === 'unavailable')?.found;
  if (silent?.kind === 'unavailable') return [directorySilent(asker, silent)];
  const head = `${host.name} is reached by ${groups.map(sizeOf).join('; ')}`;
  const { name, pool, environment } = host;
  const target = { host: name, environment, ...(pool && { pool }) };
  const { person } = asker;
  const ask = { person, command: 'access', risk: 'read-only', target, from: asker } as const;
  const authorized = authorize(ask, bot.policy());
  if (authorized.kind === 'refuse') return [head, refusal(asker, authorized)];
  return [head, ...groups.flatMap(namesOf)];
}

function sizeOf({ group, found }: GroupMembers): string {
  if (found.kind !== 'members') return `${group} (${notThere(found)})`;
  const { members } = found;
  const keys = members.reduce((sum, member) => sum + member.keys.length, 0);
  const people = members.length === 1 ? '1 person' : `${members.length} people`;
  return `${group} (${people}, ${keys === 0 ? 'no key' : counted(keys, 'key')})`;
}

function notThere(found: Members): string {
  return found.kind === 'nobody' ? found.because : 'not known';
}

function namesOf({ group, found }: GroupMembers): readonly string[] {
  if (found.kind !== 'members' || found.members.length === 0) return [];
  const shown = found.members.slice(0, SHOWN).map(memberInWords);
  const more = found.members.length - shown.length;
  return [`${group}: ${[...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')}`];
}

/** `ana (ed25519 SHA256:…)` */
function memberInWords({ id, keys, barred }: Member): string {
  const prints = keys.map(({ type, fingerprint }) => `${type.replace(/^ssh-/, '')} ${fingerprint}`);
  const facts = [...(prints.length === 0 ? ['no key'] : prints), ...(barred ? [barred] : [])];
  return `${id} (${facts.join(', ')})`;
}
