import type { UserId } from '../../domain/ids.ts';

/** File names and texts of a first configuration. It loads without a problem and lets `person` look, not change. */
export function initialConfiguration(person: UserId): Readonly<Record<string, string>> {
  return {
    'signalbox.yaml': SETTINGS,
    'inventory.yaml': INVENTORY,
    'people.yaml': peopleText(person),
  };
}

const SETTINGS = `name: signalbox
inventory: inventory.yaml
directory: { file: people.yaml }
channels:
  - { network: console, channel: "#ops", watches: "*" }
rules:
  - allow: [lock]
    to: [operators]
# Next: zones with the drivers that reach your hosts; then rules for what they enable.
# Try what you change with "signalbox check".
`;

const INVENTORY = `# Every host stands here once. "signalbox check" says what does not fit together.
defaults:
  zone: staging
  architecture: x86_64
  ssh: { user: root }
pools:
  web: { max-unavailable: 1 } # how many of its hosts may be away at the same moment
hosts:
  web-[01-03]:
    pool: web
    address: "{host}.example.org"
`;

function peopleText(person: UserId): string {
  return `# Who may be heard, and as whom. Ids are what a network vouches for, never a nickname.
groups:
  operators: [${person}]
people:
  ${person}: { console: ${person}, terminal: ${person} }
`;
}
