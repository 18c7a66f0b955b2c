/** What is asked of a unit: `systemctl show --property=…`. https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html */
export const UNIT_PROPERTIES = [
  'LoadState',
  'ActiveState',
  'MainPID',
  'TasksCurrent',
  'UnitFileState',
] as const;
type Property = (typeof UNIT_PROPERTIES)[number];

export type UnitState =
  | { readonly kind: 'running' | 'stopped' }
  | { readonly kind: 'unknown'; readonly because: string };

const STOPPED = ['inactive', 'failed'];
const RUNNING = ['active', 'activating', 'deactivating', 'reloading', 'refreshing'];
/** Its file was read, or says that it must not be started. */
const KNOWN = ['loaded', 'masked'];
/** How systemd prints a number that it does not have, now and before version 239. */
const NOT_SET = ['[not set]', '18446744073709551615'];

/**
 * Stopped only when systemd knows the unit, calls it stopped and counts no process of it: a unit that it does not know is
 * called inactive as well, and what `KillMode=process` leaves behind goes on writing.
 */
export function unitStateOf(printed: string): UnitState {
  const properties = propertiesOf(printed);
  if (properties === undefined) return unknown('what systemctl printed is not what was asked');
  const {
    LoadState = '',
    ActiveState = '',
    MainPID = '0',
    TasksCurrent = '[not set]',
  } = properties;
  if (RUNNING.includes(ActiveState)) return { kind: 'running' };
  if (!STOPPED.includes(ActiveState)) return unknown(`it is ${ActiveState || 'in no state'}`);
  if (!KNOWN.includes(LoadState)) return unknown(`systemd calls it ${LoadState || 'nothing'}`);
  const left = [MainPID, TasksCurrent].filter((count) => !NOT_SET.includes(count));
  if (!left.every((count) => /^\d+$/.test(count))) return unknown('its processes are not counted');
  return { kind: left.every((count) => count === '0') ? 'stopped' : 'running' };
}

/** Whether systemd starts it when the host boots; undefined where it does not say. */
export function startsAtBoot(printed: string): boolean | undefined {
  const { UnitFileState: state } = propertiesOf(printed) ?? {};
  if (state === undefined || state === 'bad') return undefined;
  return state === 'enabled';
}

/** Each of them at most once, and nothing else; what is no service has fewer. */
function propertiesOf(printed: string): Partial<Record<Property, string>> | undefined {
  const found = new Map<string, string>();
  for (const line of printed.trim().split('\n')) {
    const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (!UNIT_PROPERTIES.some((one) => one === name) || found.has(name)) return undefined;
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

function unknown(because: string): UnitState {
  return { kind: 'unknown', because };
}
