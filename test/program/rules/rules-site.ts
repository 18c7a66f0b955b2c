import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { NetworkDefinition } from '../../../src/adapters/network.ts';
import type { Proof } from '../../../src/policies/assurance.ts';

const SETTINGS = `
inventory: inventory.yaml
directory: { file: people.yaml }
channels:
  - { network: irc, channel: "#ops" }
networks: { irc: {}, matrix: {} }
`;

const INVENTORY = `
defaults: { zone: staging, environment: staging, ssh: { user: root } }
images:
  f43-builder: { versions: ["2026.11.18"], architectures: [x86_64], kinds: [metal] }
pools:
  builders: { max-unavailable: 1 }
hosts:
  builder-[01-02]: { pool: builders, image: f43-builder, architecture: x86_64 }
`;

const PEOPLE = `
groups:
  sysadmin-builders: [ana, ben]
  sysadmin-main: [eve, rik]
  community: [kim]
people: { ana: {}, ben: {}, eve: {}, rik: {}, kim: {} }
`;

const onNetwork = (name: string, proves: Proof): NetworkDefinition => ({
  name,
  config: z.unknown(),
  assurance: { proves, may: 'approve' },
  connect() {
    throw new Error('rules are checked without a network');
  },
});

export const NETWORKS = [onNetwork('irc', 'account'), onNetwork('matrix', 'session')];

/** Files of a site with these rules; gives its configuration. */
export async function rulesSite(rules: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'));
  const files = { 'signalbox.yaml': `${SETTINGS}${rules}`, 'inventory.yaml': INVENTORY };
  for (const [name, text] of Object.entries({ ...files, 'people.yaml': PEOPLE })) {
    await writeFile(join(folder, name), text);
  }
  return join(folder, 'signalbox.yaml');
}

/** The YAML of a page of the documentation, block by block. */
export function yamlBlocks(page: string): readonly string[] {
  return [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text);
}
