import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnsibleSite, ansibleSite } from './ansible-site.ts';

describe('ansible-playbook over OpenSSH', () => {
  let site: AnsibleSite;
  beforeAll(async () => {
    site = await ansibleSite();
  });
  afterAll(() => site.close());

  const tasks = (...lines: string[]) =>
    ['- hosts: pool_builders', '  gather_facts: false', '  tasks:', ...lines, ''].join('\n');
  const copyTo = (name: string, content = 'hello') =>
    `    - { name: write it, copy: { dest: ${join(site.folder, name)}, content: "${content}\\n" } }`;

  it('changes what is not as it should be, and then finds it so', async () => {
    const play = tasks(copyTo('motd'));
    const first = await site.play(play);
    expect(first).toEqual({
      end: { kind: 'changed', counts: { ok: 1, changed: 1, skipped: 0 } },
      reports: [
        {
          host: 'builder-07',
          task: 'write it',
          outcome: 'changed',
          diff: expect.stringMatching(/^--- before\n\+\+\+ after: .*\n@@ -0,0 \+1 @@\n\+hello$/),
        },
      ],
    });
    expect(readFileSync(join(site.folder, 'motd'), 'utf8')).toBe('hello\n');
    const again = await site.play(play);
    expect(again).toEqual({
      end: { kind: 'ok', counts: { ok: 1, changed: 0, skipped: 0 } },
      reports: [{ host: 'builder-07', task: 'write it', outcome: 'ok' }],
    });
  });
});
