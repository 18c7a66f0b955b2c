import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { NodeLogin } from './node-login.ts';

/** A node with an SSH server and a web server of its own, and units that its own `systemctl` starts and stops. */
export interface SwapNode {
  readonly ssh: NodeLogin['ssh'];
  readonly address: string;
  isRunning(unit: string): boolean;
  isEnabled(unit: string): boolean;
  /** From now on, and when it boots. */
  start(unit: string): void;
  /** From now on every answer is 503, or fine again. */
  sick(isSick: 'yes' | 'no'): void;
  close(): Promise<void>;
}

/** What systemd does and prints, as far as anybody here asks: a unit runs while its file is there. */
const systemctl = (units: string) => `#!/bin/sh
cd ${units} || exit 1
case "$1" in
  show)
    for unit; do :; done
    if [ -e "$unit" ]; then state=active pid=4711 tasks=1; else state=inactive pid=0 tasks='[not set]'; fi
    if [ -e "$unit.enabled" ]; then boot=enabled; else boot=disabled; fi
    printf 'MainPID=%s\\nTasksCurrent=%s\\nLoadState=loaded\\nActiveState=%s\\nUnitFileState=%s\\n' $pid "$tasks" $state $boot ;;
  start) : >"$2" ;;
  stop) rm -f -- "$2" ;;
  enable) : >"$2.enabled" ;;
  disable) rm -f -- "$2.enabled" ;;
  *) echo "Unknown command verb $1." >&2; exit 1 ;;
esac
`;

export async function swapNode(
  name: string,
  { login, address, port }: { login: NodeLogin; address: string; port: number },
): Promise<SwapNode> {
  const { ssh, programs, units } = login;
  writeFileSync(join(programs, 'systemctl'), systemctl(units), { mode: 0o755 });
  const isRunning = (unit: string) => existsSync(join(units, unit));
  let isSick = false;
  const web = createServer(({ url }, response) => {
    const isThere = url !== '/scheduler' || isRunning('scheduler');
    response.writeHead(isThere && !isSick ? 200 : 503);
    response.end(`${name}\n`);
  });
  web.listen(port, address);
  await once(web, 'listening');
  return {
    ssh,
    address,
    isRunning,
    isEnabled: (unit) => isRunning(`${unit}.enabled`),
    start(unit) {
      for (const file of [unit, `${unit}.enabled`]) writeFileSync(join(units, file), '');
    },
    sick(state) {
      isSick = state === 'yes';
    },
    async close() {
      web.closeAllConnections();
      web.close();
      await login.close();
    },
  };
}
