import { describe, expect, it } from 'vitest';
import { type StatusFacts, statusDocument } from '../../../src/bot/status/status-document.ts';
import {
  HostName,
  OpId,
  PoolName,
  ServiceName,
  UserId,
  ZoneName,
} from '../../../src/domain/ids.ts';
import type { OperationState, Phase } from '../../../src/jobs/model/state.ts';
import { partly } from '../../partly.ts';
import { inventoryOf, SIX_BUILDERS } from '../fixture/inventory.ts';
import { StatusJson } from './status-schema.ts';

const AT = Date.UTC(2026, 10, 18, 14, 0);
const { pools } = inventoryOf(SIX_BUILDERS);
const away = [HostName.parse('builder-02')];

function poolOf(name: string) {
  const pool = pools.get(PoolName.parse(name));
  if (pool === undefined) throw new Error(`there is no pool ${name}`);
  return pool;
}

function operation(id: string, phase: Partial<Phase>): OperationState {
  const plan = { zone: ZoneName.parse('staging') };
  return partly<OperationState>({
    op: OpId.parse(id),
    request: { plan, command: 'reimage builder-02' } as OperationState['request'],
    requester: UserId.parse('ana'),
    requestedAt: AT - 60_000,
    phase: phase as Phase,
  });
}

const QUIET: StatusFacts = {
  at: AT,
  readOnly: undefined,
  freezes: [],
  hosts: 8,
  pools: [],
  services: [],
  operations: [],
};

function told(facts: Partial<StatusFacts>) {
  return StatusJson.parse(JSON.parse(JSON.stringify(statusDocument({ ...QUIET, ...facts }))));
}

describe('the status document', () => {
  it('says of a pool who is in service only where its build system answers', () => {
    const [answers, silent, none] = told({
      pools: [
        { pool: poolOf('builders'), state: { buildSystem: 'answers', away } },
        { pool: poolOf('builders'), state: { buildSystem: 'silent' } },
        { pool: poolOf('mirrors'), state: { buildSystem: 'none' } },
      ],
    }).pools;
    expect(answers).toEqual({
      name: 'builders',
      hosts: 6,
      buildSystem: 'answers',
      inService: 5,
      outOfService: ['builder-02'],
    });
    expect(silent).toEqual({
      name: 'builders',
      hosts: 6,
      buildSystem: 'silent',
      inService: null,
      outOfService: null,
    });
    expect(none).toMatchObject({ buildSystem: 'none', inService: null, outOfService: null });
  });

  it('counts open operations, and names those that wait for people', () => {
    const { operations } = told({
      operations: [
        operation('op-7k2m', { kind: 'asking' }),
        operation('op-7k2n', { kind: 'running' }),
      ],
    });
    expect(operations).toMatchObject({ open: 2, waitingForPeople: 1 });
    expect(operations.list[0]).toEqual({
      op: 'op-7k2m',
      zone: 'staging',
      command: 'reimage builder-02',
      requester: 'ana',
      requestedAt: '2026-11-18T13:59:00.000Z',
      phase: 'asking',
      waitsForPeople: true,
    });
    expect(operations.list[1]).toMatchObject({ phase: 'running', waitsForPeople: false });
  });

  it('has times in UTC, and null where there is nothing or nobody knows', () => {
    const freeze = {
      on: 'staging',
      because: 'release',
      from: AT,
      except: { commands: [], groups: [] },
    };
    const node1 = HostName.parse('node1');
    const document = told({
      readOnly: { since: AT, because: 'it came up empty' },
      freezes: [
        { ...freeze, set: { by: 'ana' } },
        { ...freeze, until: AT + 1, set: { place: 'signalbox.yaml:7' } },
      ],
      services: [
        { name: ServiceName.parse('compute'), active: node1 },
        { name: ServiceName.parse('mail'), active: undefined },
      ],
    });
    expect(document.readOnly).toEqual({
      since: '2026-11-18T14:00:00.000Z',
      because: 'it came up empty',
    });
    expect(document.freezes.map(({ until, by }) => [until, by])).toEqual([
      [null, 'ana'],
      ['2026-11-18T14:00:00.001Z', null],
    ]);
    expect(document.services.map(({ active }) => active)).toEqual(['node1', null]);
    expect(told({}).readOnly).toBeNull();
  });
});
