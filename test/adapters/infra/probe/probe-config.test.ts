import { describe, expect, it } from 'vitest';
import type { DriverEnvironment } from '../../../../src/adapters/driver.ts';
import probe from '../../../../src/adapters/infra/probe-checks.ts';

const check = (config: Record<string, unknown>) =>
  probe
    .connect(probe.config.parse(config), {} as DriverEnvironment)
    .check(new AbortController().signal);

describe('the driver of checks', () => {
  it('says who is asked what names mean', async () => {
    expect(await check({})).toBe('from the worker, names as the system says');
    const resolvers = ['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:53', '2001:db8::53'];
    expect(await check({ resolvers })).toContain(`names as ${resolvers.join(', ')} say`);
  });

  it.each(['ns1.example.org', '192.0.2', '192.0.2.53:', ''])(
    'takes no "%s" for one',
    (resolver) => {
      expect(() => probe.config.parse({ resolvers: [resolver] })).toThrow('192.0.2.53:5353');
    },
  );

  it('fails where its authorities cannot be read', async () => {
    await expect(check({ 'ca-file': '/nowhere/ca.pem' })).rejects.toMatchObject({
      code: 'checks.no-authority',
    });
  });
});
