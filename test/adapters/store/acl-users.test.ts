import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUserLines, writeAclFile } from '../../../src/adapters/store/acl-file.ts';
import { aclUsers, roleOf } from '../../../src/adapters/store/acl-users.ts';
import { ZoneName } from '../../../src/domain/ids.ts';

const zones = ['staging', 'production'].map((zone) => ZoneName.parse(zone));
const lineOf = (user: string) => setUserLines(aclUsers(zones)).find((line) => line.includes(user));

describe('users of the store', () => {
  it('are one for the bot and one for the workers of each zone, with the keys of that zone', () => {
    expect(lineOf('signalbox-worker-staging')).toMatch(
      /^ACL SETUSER signalbox-worker-staging on resetkeys resetchannels %W~sb:feed %W~sb:operations %W~sb:zones %R~sb:durable %R~sb:accepted %R~sb:ledger:glass %RW~sb:z:staging:\* -@all /,
    );
    expect(lineOf('signalbox-worker-staging')).not.toContain('config');
    expect(lineOf('signalbox-bot')).toContain('%RW~sb:z:*:op:*:entries ');
    expect(lineOf('signalbox-bot')).not.toContain('~sb:z:*:* ');
  });

  it('are known by their names', () => {
    expect(roleOf('signalbox-bot', zones)).toEqual({ kind: 'bot' });
    expect(roleOf('signalbox-worker-production', zones)).toEqual({
      kind: 'worker',
      zone: 'production',
    });
    expect(roleOf('signalbox-worker-lab', zones)).toBeUndefined();
    expect(roleOf('default', zones)).toBeUndefined();
  });

  it('are written with passwords in files of their own, which are kept when they are written again', async ({
    onTestFinished,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'sb-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const written = await writeAclFile(folder, aclUsers(zones));
    expect(written).toHaveLength(1 + 6);
    for (const file of written) expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(join(folder, 'users.acl'), 'utf8');
    const password = readFileSync(join(folder, 'signalbox-bot.password'), 'utf8').trim();
    expect(text).toMatch(/^user default off resetkeys resetchannels -@all\n/);
    expect(text).not.toContain(password);
    expect(await writeAclFile(folder, aclUsers(zones))).toEqual([join(folder, 'users.acl')]);
    expect(readFileSync(join(folder, 'users.acl'), 'utf8')).toBe(text);
  });
});
