import { HostName, ImageId, ImageName, OpId, PoolName } from '../../../src/domain/ids.ts';
import type { CommandSpec } from '../../../src/jobs/model/command-spec.ts';

const hosts = [
  ...Array.from({ length: 12 }, (_, index) => `builder-${String(index + 1).padStart(2, '0')}`),
  'compute-1',
  'compute-2',
  'r1n1',
  'r1n2',
  'r2n1',
  'r2n2',
].map((name) => HostName.parse(name));

const named = (prefix: string) => hosts.filter((host) => host.startsWith(prefix));

export const facts = {
  hosts: new Set<string>(hosts),
  pools: new Map([
    [PoolName.parse('builders'), named('builder-').slice(0, 10)],
    [PoolName.parse('compute'), named('compute-')],
    [PoolName.parse('spares'), []],
  ]),
  images: new Map(
    ['f43-builder@2026.11.18', 'f43-builder@2026.10.02', 'f42-builder@2026.04.01'].map((id) => [
      ImageId.parse(id),
      { name: ImageName.parse(id.split('@')[0]) },
    ]),
  ),
  services: new Map(['compute', 'wiki'].map((name) => [name, name])),
  ops: ['op-7k2m', 'op-9xyz'].map((op) => OpId.parse(op)),
};

const TARGETS = 'hosts or a pool such as builder-[01-03] or @builders';

export const reimage: CommandSpec = {
  name: 'reimage',
  aliases: ['reinstall'],
  summary: 'reinstalls hosts from an image',
  risk: 'destructive',
  positional: [{ name: 'targets', kind: 'targets', required: true, expected: TARGETS }],
  options: [
    { name: 'image', kind: 'image', required: false, expected: 'an image such as f43-builder' },
  ],
  flags: [{ name: 'force', summary: 'also hosts in quarantine' }],
  examples: ['!reimage builder-07', 'reimage @builders image=f43-builder'],
};

export const lock: CommandSpec = {
  name: 'lock',
  summary: 'locks hosts by hand',
  risk: 'routine',
  positional: [
    { name: 'target', kind: 'targets', required: true, expected: TARGETS },
    { name: 'reason', kind: 'text', required: true, expected: 'a reason such as disk swap' },
  ],
  options: [{ name: 'until', kind: 'word', required: false, expected: 'a time such as 18:00' }],
  flags: [],
  examples: ['!lock builder-07 disk swap', '!lock builder-07 until=18:00 disk swap'],
};

export const rehearse: CommandSpec = {
  name: 'rehearse',
  summary: 'runs a command over a simulated fleet',
  risk: 'read-only',
  positional: [
    { name: 'command', kind: 'command', required: true, expected: 'a command to rehearse' },
  ],
  options: [
    { name: 'fail-at', kind: 'number', required: false, expected: 'a step number such as 6' },
  ],
  flags: [],
  examples: ['!rehearse reimage builder-07 fail-at=6'],
};

export const show: CommandSpec = {
  name: 'show',
  summary: 'shows an operation',
  risk: 'read-only',
  positional: [
    { name: 'op', kind: 'op', required: true, expected: 'an operation such as op-7k2m' },
    {
      name: 'part',
      kind: 'word',
      required: false,
      expected: 'what to show',
      oneOf: ['plan', 'journal'],
    },
  ],
  options: [],
  flags: [],
  examples: ['!show op-7k2m', '!show op-7k2m journal'],
};

const replace: CommandSpec = {
  name: 'replace',
  summary: 'replaces a dead host',
  risk: 'destructive',
  positional: [
    { name: 'host', kind: 'host', required: true, expected: 'a host such as builder-07' },
  ],
  options: [],
  flags: [],
  examples: ['!replace builder-07'],
};

export const grammar = { specs: [reimage, lock, rehearse, show, replace], facts, prefix: '!' };
