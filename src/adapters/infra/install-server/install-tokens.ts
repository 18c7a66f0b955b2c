import * as z from 'zod';
import { HostName, ImageId, OpId } from '../../../domain/ids.ts';
import type { InstallReport } from '../../../jobs/ports/installer.ts';

export const OpenInstall = z.strictObject({
  host: HostName,
  op: OpId,
  image: ImageId,
  nonce: z.string().min(1),
});
export type OpenInstall = z.infer<typeof OpenInstall>;

export const KeptReport = z.strictObject({
  nonce: z.string(),
  image: z.string(),
  hostKey: z.string(),
  /** Of the system that the installer ran in, where it said so. */
  bootId: z.string().optional(),
});
export type KeptReport = z.infer<typeof KeptReport>;

/** `same`: it was taken before, and its answer got lost. */
export type ReportTaken = 'taken' | 'same' | 'refused';

/**
 * The one-time tokens of one zone, kept where every worker and every install server sees them. A token is open from `open`
 * until its report was taken or it was closed; only `reportOf` knows more than that.
 */
export interface InstallTokens {
  /** Closes an earlier token of the same operation and host. Twice is harmless, and opens nothing that was closed. */
  open(token: string, install: OpenInstall): Promise<void>;
  /** Undefined unless it is open. */
  find(token: string): Promise<OpenInstall | undefined>;
  /** Also of one whose report was taken, for a report that comes once more; undefined of one that was closed before. */
  findReported(token: string): Promise<OpenInstall | undefined>;
  /** The open token of a host, the youngest if there are several. */
  tokenOf(host: HostName): Promise<string | undefined>;
  /** Exactly one report is taken for a token. */
  report(token: string, report: KeptReport): Promise<ReportTaken>;
  reportOf(op: OpId, host: HostName): Promise<InstallReport | undefined>;
  /** Without a token it does nothing. */
  close(op: OpId, host: HostName): Promise<void>;
}
