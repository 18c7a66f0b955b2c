import type { XmlRpcStruct, XmlRpcValue } from '../../infra/koji/xml-rpc-value.ts';
import { badArguments, integer, nameOrId } from './hub-arguments.ts';
import { assertPermission, generic, type HubCall, type HubMethod } from './hub-call.ts';
import { hostRow, seconds, timeText } from './hub-rows.ts';
import type { HubHost, HubHostChange } from './hub-state.ts';

// Source: get_host, set_host_enabled, edit_host, listHosts in kojihub/kojihub.py.
export const HOST_METHODS: Readonly<Record<string, HubMethod>> = {
  getHost: {
    parameters: ['hostInfo', 'strict?', 'event?'],
    run: ({ hostInfo, strict }, call) => {
      const host = findHost(hostInfo, call);
      if (host === undefined && strict === true) throw generic(`Invalid hostInfo: ${hostInfo}`);
      return host === undefined ? null : hostRow(host);
    },
  },
  listHosts: {
    parameters: ['arches?', 'channelID?', 'ready?', 'enabled?', 'userID?', 'queryOpts?'],
    run: (filter, { state }) =>
      state
        .hosts()
        .filter((host) => isListed(host, filter))
        .map(hostRow),
  },
  disableHost: { parameters: ['hostname'], run: (args, call) => setEnabled(args, call, false) },
  enableHost: { parameters: ['hostname'], run: (args, call) => setEnabled(args, call, true) },
  editHost: { parameters: ['hostInfo'], openKeywords: true, run: editHost },
  listChannels: {
    parameters: ['hostID?', 'event?', 'enabled?'],
    run: ({ hostID }, call) => {
      const hosts = hostID === null ? call.state.hosts() : [knownHost(hostID, call)];
      return [...new Set(hosts.flatMap((host) => host.channels))].map(channelRow);
    },
  },
  getLastHostUpdate: {
    parameters: ['hostID', 'ts?'],
    run: ({ hostID, ts }, { state }) => {
      const id = integer(hostID, 'hostID');
      const at = state.hosts().find((host) => host.id === id)?.checkedInAt;
      return ts === true ? seconds(at) : timeText(at);
    },
  },
};

function setEnabled({ hostname }: XmlRpcStruct, call: HubCall, enabled: boolean): null {
  assertPermission(call, 'host');
  const host = findHost(hostname, call);
  if (host === undefined) throw generic(`host does not exist: ${hostname}`);
  // Also when nothing changes: the real hub writes a row of history each time.
  call.wrote();
  call.state.changeHost(host.id, { enabled });
  return null;
}

const EDITABLE = ['arches', 'capacity', 'description', 'comment'] as const;

function editHost({ hostInfo, ...wanted }: XmlRpcStruct, call: HubCall): boolean {
  assertPermission(call, 'host');
  const host = knownHost(hostInfo, call);
  const edited = EDITABLE.filter(
    (field) => field in wanted && wanted[field] !== (host[field] ?? null),
  );
  for (const field of edited) checkEdit(field, wanted[field]);
  if (edited.length === 0) return false;
  call.wrote();
  const change = Object.fromEntries(edited.map((field) => [field, wanted[field]]));
  call.state.changeHost(host.id, change as HubHostChange);
  return true;
}

function checkEdit(field: (typeof EDITABLE)[number], value: XmlRpcValue | undefined): void {
  const type = field === 'capacity' ? 'number' : 'string';
  if (typeof value === type) return;
  throw badArguments(`Invalid type for value '${value}': ${typeof value}, expected type ${type}`);
}

function isListed(host: HubHost, filter: XmlRpcStruct): boolean {
  return (
    matches(filter.ready, host.ready) &&
    matches(filter.enabled, host.enabled) &&
    (filter.channelID === null || host.channels.includes(String(filter.channelID))) &&
    (filter.arches === null || hasArch(host, filter.arches))
  );
}

function matches(wanted: XmlRpcValue | undefined, actual: boolean): boolean {
  if (wanted === null || wanted === undefined) return true;
  if (typeof wanted !== 'boolean')
    throw badArguments(`Invalid type for a filter: ${typeof wanted}`);
  return wanted === actual;
}

function hasArch(host: HubHost, arches: XmlRpcValue | undefined): boolean {
  const wanted = Array.isArray(arches) ? arches : [arches];
  if (wanted.length === 0) throw generic('arches option cannot be empty');
  return host.arches.split(' ').some((arch) => wanted.includes(arch));
}

function knownHost(hostInfo: XmlRpcValue | undefined, call: HubCall): HubHost {
  const host = findHost(hostInfo, call);
  if (host === undefined) throw generic(`Invalid hostInfo: ${hostInfo}`);
  return host;
}

function findHost(hostInfo: XmlRpcValue | undefined, { state }: HubCall): HubHost | undefined {
  const wanted = nameOrId(hostInfo);
  return state.hosts().find((host) => host.name === wanted || host.id === wanted);
}

function channelRow(name: string, at: number): XmlRpcStruct {
  return { id: at + 1, name, description: null, comment: null, enabled: true };
}
