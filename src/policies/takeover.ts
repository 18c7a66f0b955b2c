import type { UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { countApprovals } from './approvals.ts';
import { type Ask, authorize } from './authorize.ts';
import { type Refusal, refuse } from './decision.ts';
import { listOr } from './membership.ts';
import type { Policy } from './policy.ts';
import { tooWeak } from './strength.ts';

export interface TakeoverFacts {
  /** Who types it now, as the directory has them now. */
  readonly person: Person;
  readonly ask: Omit<Ask, 'person'>;
  /** Who typed it before, oldest first, and their groups now; none where the directory did not answer. */
  readonly before: readonly Person[];
}

export type Takeover = { readonly kind: 'take' | 'ask' } | Refusal;

/** The first who may asks; where their rule demands approvals, each is somebody else who types the same. */
export function decideTakeover({ person, ask, before }: TakeoverFacts, policy: Policy): Takeover {
  const mayStill = before.filter(
    (one) => authorize({ ...ask, person: one }, policy).kind === 'allow',
  );
  const [first = person] = mayStill;
  const authorized = authorize({ ...ask, person: first }, policy);
  if (authorized.kind === 'refuse') return authorized;
  const { demand } = authorized;
  if (demand === undefined) return takeOrAsk(person, ask, policy);
  const weak = tooWeak({ ...ask, deed: 'approve', network: ask.from?.network }, policy.strength);
  if (weak !== undefined) return weak;
  const others = [...before, person].filter(({ id }) => id !== first.id);
  const counted = countApprovals({
    requester: first.id,
    subject: TAKEOVER,
    demand,
    approvals: others.map(({ id }) => ({ by: id, subject: TAKEOVER, network: '' })),
    // Each was asked when they typed it.
    weaknessOf: () => undefined,
    selfApproval: [],
    groupsOf: (id: UserId) => others.find((one) => one.id === id)?.groups,
  });
  if (counted.kind === 'enough') return { kind: 'take' } as const;
  const needs = `${demand.count} of ${listOr(demand.groups)} besides ${first.id}`;
  const isNew = ![...before, ...(first === person ? [] : [first])].some(
    ({ id }) => id === person.id,
  );
  const counts = first === person || demand.groups.some((group) => person.groups.includes(group));
  if (isNew && counts) return { kind: 'ask' } as const;
  return refuse(`a takeover needs ${needs}`, 'Ask one of them to type the same.');
}

const TAKEOVER = 'takeover';

function takeOrAsk(person: Person, ask: Omit<Ask, 'person'>, policy: Policy): Takeover {
  const own = authorize({ ...ask, person }, policy);
  return own.kind === 'refuse' ? own : { kind: 'take' };
}
