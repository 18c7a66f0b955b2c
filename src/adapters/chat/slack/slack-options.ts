import type { SecretSource } from '../../../jobs/ports/secret-source.ts';

/** How Slack's events come here. */
export type Way =
  | { readonly kind: 'socket'; readonly appTokenFile: string | undefined }
  | {
      readonly kind: 'http';
      /** `127.0.0.1:3001` */
      readonly listen: string;
      readonly signingSecretFile: string | undefined;
    };

export interface SlackOptions {
  /** What people call the bot. */
  readonly name: string;
  readonly prefix: () => string;
  /** The workspace's id: nobody of another one is anybody here. */
  readonly team: string;
  readonly way: Way;
  readonly botTokenFile: string | undefined;
  /** Of the Web API, with the slash at its end. */
  readonly api: string;
  readonly channels: readonly string[];
  readonly pace: Pace;
  readonly secrets: SecretSource;
  readonly log: (message: string) => void;
  /** Of all waiting between tries; 1 unless a test has no time. */
  readonly tempo?: number;
  /** How long what is said waits for a line. */
  readonly awayMs?: number;
}

/** Milliseconds between two messages in a channel, and between two edits of a message. */
export interface Pace {
  readonly postEveryMs: number;
  readonly editEveryMs: number;
}
