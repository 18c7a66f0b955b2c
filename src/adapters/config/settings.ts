import type { PoolName, ServiceName, UserId, ZoneName } from '../../domain/ids.ts';
import type { ReminderTimes } from '../../jobs/model/reminders.ts';
import type { PublicKey } from '../../jobs/signing/public-key.ts';
import type { Freeze } from '../../policies/freezes.ts';
import type { Rule } from '../../policies/rule.ts';
import type { Strength } from '../../policies/strength.ts';
import type { LdapSettings } from '../directory/ldap/ldap-settings.ts';
import type { DriverPort } from '../driver.ts';
import type { ConfigPart } from './config-part.ts';

/** What signalbox.yaml says, beside the inventory and the people. */
export interface Settings {
  readonly name: string;
  /** The folder that signalbox.yaml is in; what its parts name is relative to it. */
  readonly folder: string;
  readonly store: { readonly data: string };
  readonly signing: {
    /** The bot's own key. Made under the data folder where none is named. */
    readonly keyFile?: string;
    /** Of the bots whose signatures count, besides our own. */
    readonly trusted: readonly PublicKey[];
  };
  readonly audit: {
    /** A work tree of git that gets a commit for each anchor. */
    readonly repository?: string;
    /** Ended operations that are older are taken out of the store; absent: never. */
    readonly keepDays?: number;
  };
  readonly directory: {
    /** In the order in which they are asked and named. */
    readonly ldap: readonly LdapSettings[];
    /** How long talk makes do with an answer. */
    readonly cacheMs: number;
  };
  /** What a command starts with. */
  readonly prefix: string;
  readonly channels: readonly ChannelSettings[];
  readonly reminders: ReminderTimes & {
    /** How often it is said again that a host is in quarantine. */
    readonly quarantineEveryMs: number;
  };
  /** How long a link between a person and an account lasts. */
  readonly linksLastMs: number;
  /** By name. Each network reads its own part, with `parsePart`. */
  readonly networks: ReadonlyMap<string, ConfigPart>;
  readonly zones: ReadonlyMap<ZoneName, ZoneSettings>;
  readonly rules: readonly Rule[];
  /** What networks have to prove. */
  readonly assurance: Pick<Strength, 'needed' | 'environments'>;
  /** Who may approve what they asked for themselves. */
  readonly selfApproval: readonly UserId[];
  /** Times in which nothing starts, in the order they are written. */
  readonly freezes: readonly Freeze[];
  /** Programs that are told how operations ended. */
  readonly webhooks: readonly WebhookSettings[];
}

export interface ChannelSettings {
  readonly network: string;
  readonly channel: string;
  /** The pools and services whose operations are told there; `*` is everything. */
  readonly watches: readonly (PoolName | ServiceName)[] | '*';
  /** Hears of what nobody answers, whatever it is about. */
  readonly escalation?: boolean;
  /** Hears of what waits for approval, whatever it is about. */
  readonly approvals?: boolean;
}

export interface WebhookSettings {
  readonly name: string;
  /** Over TLS, or on this machine. */
  readonly url: URL;
  /** The name of the secret that reports are signed with. */
  readonly secret: string;
}

export interface ZoneSettings {
  readonly drivers: ReadonlyMap<DriverPort, DriverSettings>;
}

export interface DriverSettings {
  readonly product: string;
  /** Everything but the product, which the driver reads with `parsePart` and its own schema. */
  readonly config: ConfigPart;
}
