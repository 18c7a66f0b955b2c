import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inventoryAnswer } from '../../src/program/inventory-command.ts';

const CONFIG = resolve(import.meta.dirname, '../fixtures/config/good/signalbox.yaml');

describe('signalbox inventory', () => {
  it('lists groups by all that tells hosts apart, and the variables of every host', async () => {
    const answer = (await inventoryAnswer(CONFIG, { kind: 'list' })) as Record<string, never>;
    expect(answer).toMatchSnapshot();
  });

  it('answers for one host as the list does', async () => {
    const list = await inventoryAnswer(CONFIG, { kind: 'list' });
    const hostvars = (list as { _meta: { hostvars: Record<string, object> } })._meta.hostvars;
    const [host = '', variables] = Object.entries(hostvars)[0] ?? [];
    expect(await inventoryAnswer(CONFIG, { kind: 'host', host })).toEqual(variables);
  });

  it('does not make up a host', async () => {
    await expect(inventoryAnswer(CONFIG, { kind: 'host', host: 'nobody' })).rejects.toMatchObject({
      code: 'inventory.unknown-host',
      message: expect.stringContaining('there is no host nobody'),
    });
  });
});
