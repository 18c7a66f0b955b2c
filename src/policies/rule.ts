import type {
  EnvironmentName,
  GroupName,
  ImageName,
  PoolName,
  ServiceName,
} from '../domain/ids.ts';
import type { Risk } from '../domain/risk.ts';
import type { Whence } from './place.ts';

/** What a rule covers. A dimension that is absent covers everything; hosts are patterns such as `builder-*`. */
export interface Scope {
  readonly environments?: readonly EnvironmentName[];
  readonly pools?: readonly PoolName[];
  readonly hosts?: readonly string[];
  readonly images?: readonly ImageName[];
  readonly services?: readonly ServiceName[];
}

export interface ApprovalDemand {
  readonly count: number;
  readonly groups: readonly GroupName[];
}

/** Grants commands on a scope to groups, and says how many approvals from which groups they take at each risk. */
export interface Rule {
  /** Where it stands in the configuration, for `!why`: `signalbox.yaml:31`. */
  readonly place: string;
  /** Command names; `*` is every command. */
  readonly allow: readonly string[];
  readonly on: Scope;
  /** Where it has to be asked; absent: anywhere. */
  readonly from?: readonly Whence[];
  readonly to: readonly GroupName[];
  /** At a risk that is not listed, none is needed. */
  readonly approvals: Readonly<Partial<Record<Risk, ApprovalDemand>>>;
}
