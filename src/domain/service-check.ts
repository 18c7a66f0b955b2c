import type { HostName } from './ids.ts';

/** What has to be true of a body. A pattern is of the harmless kind and is tried line by line. */
export type BodyCondition =
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'matches'; readonly pattern: string };

interface WebTarget {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** From the first `/` on, with its query. */
  readonly path: string;
}

export type CheckTarget =
  | (WebTarget & {
      readonly kind: 'http';
      /** One of these. */
      readonly status: readonly number[];
      readonly body?: BodyCondition;
      /** How many redirects are followed, each to the same name only; 0 takes a redirect for the answer. */
      readonly redirects: number;
      /** So many days the certificate is still good, at least. */
      readonly certificateDays?: number;
    })
  | { readonly kind: 'tcp'; readonly port: number }
  /** Asks the name server that is aimed at for a record. */
  | {
      readonly kind: 'dns';
      readonly port: number;
      readonly record: string;
      readonly type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT';
      /** All of them and no others, in any order. */
      readonly answer: readonly string[];
    }
  | {
      readonly kind: 'smtp';
      readonly port: number;
      readonly starttls: boolean;
      readonly certificateDays?: number;
    }
  /** Its index is there and young enough: `Release`, `repodata/repomd.xml` or `repo` below the path. */
  | (WebTarget & {
      readonly kind: 'repository';
      readonly format: 'debian' | 'rpm' | 'haiku';
      readonly olderThanMs: number;
    })
  /** Ends with 0 on the member that is aimed at. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly asRoot: boolean };

/** Something that has to be true of a service before and after it is swapped. */
export interface ServiceCheck {
  readonly name: string;
  readonly target: CheckTarget;
  /** A host of the inventory that asks instead of the worker, over SSH; only for http, repository and tcp. */
  readonly from?: HostName;
  /** So many in a row, or it is not proved. */
  readonly successes: number;
  readonly intervalMs: number;
  /** From the first time it is asked until it must be proved. */
  readonly deadlineMs: number;
  /** For one time of asking. */
  readonly timeoutMs: number;
}

/**
 * Who is asked. The name is the service's public one, in the Host header, in SNI and on the certificate. A member is
 * asked at its address, whatever the name means in DNS; a public aim goes wherever the name leads, and `host` is the
 * member that is expected behind it, where commands run.
 */
export type CheckAim =
  | {
      readonly kind: 'member';
      readonly host: HostName;
      readonly address: string;
      readonly name: string;
    }
  | { readonly kind: 'public'; readonly host: HostName; readonly name: string };

/** Texts are one line, cut, and without control characters. `unknown`: the service was not asked, so nothing is said of it. */
export type CheckResult =
  | { readonly kind: 'passed'; readonly expected: string; readonly came: string }
  | { readonly kind: 'failed'; readonly expected: string; readonly came: string }
  | { readonly kind: 'unknown'; readonly expected: string; readonly because: string };
