import type { UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';
import { ALLOWED, type Permission, type Refusal, refuse } from './decision.ts';
import { askerInWords, askSomebodyOf, isMember, listOr } from './membership.ts';

/** What an approval is bound to, as one text: a plan's digest, or a step with its evidence. */
type SubjectKey = string;

interface GivenApproval {
  readonly by: UserId;
  readonly subject: SubjectKey;
  /** Where it was given. */
  readonly network: string;
}

/** Why nobody can approve it from a network; undefined where somebody can. */
type WeaknessOf = (network: string) => Refusal | undefined;

interface ApprovalDemand {
  readonly count: number;
  readonly groups: readonly string[];
}

export interface CountFacts {
  readonly requester: UserId;
  readonly subject: SubjectKey;
  readonly demand: ApprovalDemand;
  readonly approvals: readonly GivenApproval[];
  /** Each approver's groups as the directory says now; undefined when it did not answer. */
  readonly groupsOf: (person: UserId) => readonly string[] | undefined;
  readonly weaknessOf: WeaknessOf;
  /** Who may approve what they asked for themselves. */
  readonly selfApproval: readonly UserId[];
}

export type Counted =
  | { readonly kind: 'enough'; readonly by: readonly UserId[] }
  | {
      readonly kind: 'missing';
      readonly missing: number;
      readonly discounted: readonly { readonly by: UserId; readonly because: string }[];
    }
  /** Enough only if somebody counts about whom the directory did not answer. */
  | { readonly kind: 'unavailable'; readonly because: string };

/**
 * Which approvals count now. By person, for this subject alone, from a network that proves enough, only with the right still
 * held, and never the requester's own, except where the site lets that very person.
 */
export function countApprovals(facts: CountFacts): Counted {
  const approvers = [...new Set(facts.approvals.map(({ by }) => by))];
  const judged = approvers.map((by) => ({ by, because: whyNot(by, facts) }));
  const by = judged.filter(({ because }) => because === undefined).map((one) => one.by);
  const missing = facts.demand.count - by.length;
  if (missing <= 0) return { kind: 'enough', by };
  const silent = judged.filter(({ because }) => because === SILENT);
  if (silent.length >= missing) {
    return { kind: 'unavailable', because: `the directory did not answer about ${silent[0]?.by}` };
  }
  const discounted = judged.flatMap(({ by: who, because }) =>
    because === undefined ? [] : [{ by: who, because }],
  );
  return { kind: 'missing', missing, discounted };
}

const SILENT = 'the directory did not answer';

function whyNot(by: UserId, facts: CountFacts): string | undefined {
  const { requester, subject, demand, approvals, groupsOf, weaknessOf, selfApproval } = facts;
  if (by === requester && !selfApproval.includes(by)) return 'asked for it';
  const given = approvals.filter((one) => one.by === by && one.subject === subject);
  if (given.length === 0) return 'approved another plan';
  if (given.every(({ network }) => weaknessOf(network) !== undefined)) {
    return `approved from ${listOr(given.map(({ network }) => network))}, which does not prove enough`;
  }
  const groups = groupsOf(by);
  if (groups === undefined) return SILENT;
  const entitled = demand.groups.some((group) => groups.includes(group));
  return entitled ? undefined : `is not in ${listOr(demand.groups)} any more`;
}

export interface ApprovalAsk {
  readonly op: string;
  readonly person: Person;
  readonly requester: UserId;
  /** What the operation waits for now; undefined when it waits for no approval, with what it does instead. */
  readonly awaiting:
    | {
        readonly subject: SubjectKey;
        readonly code: string;
        readonly demand: ApprovalDemand;
        readonly expiresAt: number;
      }
    | { readonly instead: string };
  /** What the approver means: the code they typed, or the subject of the message they reacted to. */
  readonly meant: { readonly code: string } | { readonly subject: SubjectKey };
  readonly approvedBy: readonly GivenApproval[];
  /** Where the approver speaks. */
  readonly network: string;
  readonly weaknessOf: WeaknessOf;
  /** Who may approve what they asked for themselves. */
  readonly selfApproval: readonly UserId[];
  readonly now: number;
  readonly prefix: string;
}

/** Whether somebody may approve what an operation waits for. */
export function mayApprove(ask: ApprovalAsk): Permission {
  const { op, person, requester, awaiting, approvedBy, now, prefix } = ask;
  const { network, weaknessOf, selfApproval } = ask;
  const show = `Look at it again with ${prefix}show ${op}.`;
  if ('instead' in awaiting) {
    return refuse(`${op} does not wait for approval: it ${awaiting.instead}`, show);
  }
  if (now >= awaiting.expiresAt) {
    return refuse(`the time to approve ${op} is over`, 'Ask for it again.');
  }
  if (person.id === requester && !selfApproval.includes(requester)) {
    return refuse(
      `${person.id} asked for ${op}, and nobody approves their own request`,
      askSomebodyOf(awaiting.demand.groups),
    );
  }
  if (!isMember(person, awaiting.demand.groups)) {
    const groups = listOr(awaiting.demand.groups);
    return refuse(
      `${askerInWords(person)}; approving ${op} takes somebody of ${groups}`,
      askSomebodyOf(awaiting.demand.groups),
    );
  }
  const weak = weaknessOf(network);
  if (weak !== undefined) return weak;
  if (!means(ask.meant, awaiting)) return notThisPlan(ask.meant, op, show);
  const again = approvedBy.some(
    (given) =>
      given.by === person.id && given.subject === awaiting.subject && !weaknessOf(given.network),
  );
  return again ? refuse(`${person.id} has approved ${op} already`, 'Nothing more to do.') : ALLOWED;
}

function means(
  meant: ApprovalAsk['meant'],
  { subject, code }: { subject: SubjectKey; code: string },
): boolean {
  return 'code' in meant ? meant.code.toLowerCase() === code : meant.subject === subject;
}

/** The right code is not told: typing it shows that the plan as it is now was read. */
function notThisPlan(meant: ApprovalAsk['meant'], op: string, show: string): Permission {
  const what = 'code' in meant ? `${meant.code} is not the code of` : 'that message is not about';
  return refuse(`${what} the plan that ${op} has now`, show);
}
