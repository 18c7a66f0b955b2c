import { createHash } from 'node:crypto';

/** Bytes that look random and are the same in every run with the same seed. Never for real secrets. */
export interface SeededRandom {
  bytes(count: number): Buffer;
  uuid(): string;
}

export function seededRandom(seed: string): SeededRandom {
  let counter = 0;
  const block = () => createHash('sha256').update(`${seed}:${counter++}`).digest();
  const bytes = (count: number): Buffer => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, block);
    return Buffer.concat(blocks).subarray(0, count);
  };
  return { bytes, uuid: () => formatUuid(bytes(16).toString('hex')) };
}

function formatUuid(hex: string): string {
  const cut = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...cut, hex.slice(20, 32)].join('-');
}
