import { hostKeyPair } from './host-key-pair.ts';
import type { LabFile, LabSystem } from './lab-host.ts';
import type { World } from './world.ts';

const MARK_PATH = '/etc/signalbox/installed.json';
export const KOJID_CONF = '/etc/kojid/kojid.conf';

/** A root disk as an installer leaves it: the mark, a key of its own, and nothing that was configured before. */
export function freshSystem(
  world: Pick<World, 'random'>,
  image: string,
  nonce?: string,
): LabSystem {
  const files = new Map<string, LabFile>();
  if (nonce !== undefined) files.set(MARK_PATH, textFile(`${JSON.stringify({ image, nonce })}\n`));
  return {
    image,
    hostKey: hostKeyPair(world.random.bytes(32)),
    files,
    services: new Set(['sshd']),
    enabled: new Set(),
    claims: new Map(),
    epochs: new Map(),
  };
}

export function textFile(content: string, mode = '644', owner = 'root'): LabFile {
  return { content: Buffer.from(content), mode, owner };
}
