import { isDeepStrictEqual } from 'node:util';
import type { InstallTokens, KeptReport, OpenInstall } from './install-tokens.ts';

interface Kept {
  readonly install: OpenInstall;
  isOpen: boolean;
  report?: KeptReport;
}

/** For tests: nothing in it survives, and nobody else sees it. */
export function memoryInstallTokens(): InstallTokens {
  const kept = new Map<string, Kept>();
  const openOnes = () => [...kept].filter(([, { isOpen }]) => isOpen);
  const of = (op: string, host: string) =>
    [...kept].filter(([, { install }]) => install.op === op && install.host === host);
  return {
    async open(token, install) {
      if (kept.has(token)) return;
      for (const [, earlier] of of(install.op, install.host)) earlier.isOpen = false;
      kept.set(token, { install, isOpen: true });
    },
    async find(token) {
      const found = kept.get(token);
      return found?.isOpen ? found.install : undefined;
    },
    async findReported(token) {
      const found = kept.get(token);
      return found?.isOpen || found?.report !== undefined ? found.install : undefined;
    },
    async tokenOf(host) {
      return openOnes().findLast(([, { install }]) => install.host === host)?.[0];
    },
    async report(token, report) {
      const found = kept.get(token);
      if (isDeepStrictEqual(found?.report, report)) return 'same';
      if (found === undefined || !found.isOpen || found.report !== undefined) return 'refused';
      found.report = report;
      found.isOpen = false;
      return 'taken';
    },
    async reportOf(op, host) {
      const report = of(op, host).at(-1)?.[1].report;
      if (report === undefined) return undefined;
      const { nonce, image, hostKey } = report;
      return { nonce, image, hostKey };
    },
    async close(op, host) {
      for (const [, found] of of(op, host)) found.isOpen = false;
    },
  };
}
