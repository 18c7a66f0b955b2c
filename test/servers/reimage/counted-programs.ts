import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VirtHost } from '../guest-host/start-virt-host.ts';

/** What changes something; the rest only looks. */
const ACTS = ['undefine', 'define', 'start', 'create'];

export interface CountedPrograms {
  /** How often each act was carried out since the last reset, e.g. `{ define: 1 }`. */
  counts(): Readonly<Record<string, number>>;
  reset(): void;
  /** From now on this act stands still before it does anything, until it is let go. */
  hold(act: string): { isThere(): boolean; letGo(): void };
}

/** Virsh and qemu-img of a hypervisor, through scripts that write down what they are called for. */
export function countedPrograms(host: VirtHost): CountedPrograms {
  const log = join(host.home, 'acts');
  const gate = (act: string) => join(host.home, `hold-${act}`);
  for (const name of ['virsh', 'qemu-img']) {
    const script = `#!/bin/sh
for act; do case $act in help|undefine|define|start|create) break ;; esac; done
echo "$act" >>${log}
if [ -e ${host.home}/hold-"$act" ]; then
  : >${host.home}/hold-"$act".there
  while [ -e ${host.home}/hold-"$act" ]; do sleep 0.1; done
fi
exec /usr/bin/${name} "$@"
`;
    writeFileSync(join(host.programs, name), script);
    chmodSync(join(host.programs, name), 0o755);
  }
  host.run('touch', log);
  return {
    counts() {
      const called = readFileSync(log, 'utf8').split('\n');
      const acts = called.filter((act) => ACTS.includes(act));
      const named = Map.groupBy(acts, (act) => act);
      return Object.fromEntries([...named].map(([act, { length }]) => [act, length]));
    },
    reset: () => writeFileSync(log, ''),
    hold(act) {
      writeFileSync(gate(act), '');
      return {
        isThere: () => existsSync(`${gate(act)}.there`),
        letGo: () => void host.run('rm', '-f', gate(act), `${gate(act)}.there`),
      };
    },
  };
}
