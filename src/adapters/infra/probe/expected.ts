import type { CheckTarget } from '../../../domain/service-check.ts';

const HOUR_MS = 3_600_000;

/** What a check wants, in a few words. */
export function expectedOf(target: CheckTarget): string {
  switch (target.kind) {
    case 'http': {
      const { status, body, certificateDays } = target;
      const text = body && (body.kind === 'contains' ? 'with the text' : 'with a matching line');
      return words(`HTTP ${status.join(' or ')}`, text, certificate(certificateDays));
    }
    case 'tcp':
      return `a connection to port ${target.port}`;
    case 'dns':
      return `${target.record} ${target.type} ${target.answer.join(' ')}`;
    case 'smtp': {
      const { starttls, certificateDays } = target;
      const secured = starttls ? 'STARTTLS' : undefined;
      return words('an SMTP greeting and EHLO', secured, certificate(certificateDays));
    }
    case 'repository':
      return `a ${target.format} index of the last ${hours(target.olderThanMs)}`;
    case 'command':
      return `code 0 of ${target.argv.join(' ')}`;
    default:
      return target satisfies never;
  }
}

export function hours(ms: number): string {
  return `${Math.round(ms / HOUR_MS)} h`;
}

function certificate(days: number | undefined): string | undefined {
  return days === undefined ? undefined : `a certificate for ${days} days more`;
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(', ');
}
