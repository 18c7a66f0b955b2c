import { readFileSync } from 'node:fs';

const TICK_MS = 10;

/** What a process has taken of processors until now, in milliseconds. */
export function processorTime(pid: number | undefined): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
