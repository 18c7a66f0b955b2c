import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const FILES = {
  'signalbox.yaml': `name: farm
inventory: inventory.yaml
directory: { file: people.yaml }
channels:
  - { network: console, channel: "#ops", watches: [builders] }
zones:
  staging:
    drivers:
      shell: { product: node-ssh, agent: true }
      witness: { product: ssh }
rules:
  - { allow: [reimage], to: [admins], approvals: { destructive: { count: 1 } } }
  - { allow: [lock], to: [admins] }
reports:
  webhooks:
    - { name: tickets, url: "https://example.com/hook", secret: tickets }
`,
  'inventory.yaml': `pools: { builders: { max-unavailable: 1 } }
images:
  f43: { versions: ["1"], architectures: [x86_64], kinds: [metal, virtual] }
defaults: { zone: staging, ssh: { user: root } }
hosts:
  builder-01: { pool: builders, image: f43 }
  builder-02: { pool: builders, image: f43 }
`,
  'people.yaml': `groups: { admins: [ana, ben] }
people: { ana: { console: ana }, ben: { console: ben } }
`,
} as const;

type Name = keyof typeof FILES;

/** A site's files, which a test changes as somebody with an editor does. */
export interface SiteFiles {
  readonly folder: string;
  readonly configPath: string;
  write(name: Name, text: string): Promise<void>;
  /** Replaces a text that stands in a file as it was in the beginning. */
  change(name: Name, from: string, to: string): Promise<void>;
  /** As it was in the beginning. */
  restore(name: Name): Promise<void>;
}

export async function siteFiles(): Promise<SiteFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-reload-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const write = (name: Name, text: string) => writeFile(join(folder, name), text);
  for (const name of Object.keys(FILES) as Name[]) await write(name, FILES[name]);
  return {
    folder,
    configPath: join(folder, 'signalbox.yaml'),
    write,
    async change(name, from, to) {
      if (!FILES[name].includes(from)) throw new Error(`${name} has no ${from}`);
      await write(name, FILES[name].replace(from, to));
    },
    restore: (name) => write(name, FILES[name]),
  };
}
