import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../irc/person.ts';
import { type Asked, answered, asked } from './asked.ts';
import { builders, insider } from './directories.ts';
import { CHANNEL, type EveningSite, startEvening } from './evening-site.ts';

const PATIENCE_MS = 120_000;

let site: EveningSite;
let ana: Person;
let open: Asked;
beforeAll(async () => {
  site = await startEvening();
  ana = await site.person('ana', 'ana');
  open = await asked(site, ana, '!reimage builder-08');
}, 180_000);
afterAll(() => site?.close());

const answer = (person: Person, text: string) => answered(site, person, text);

describe('refused on IRC', { timeout: PATIENCE_MS }, () => {
  it('is whoever took the nick of an operator', async () => {
    const ben = await site.person('ben', 'ben');
    await ben.leave();
    const thief = await site.person('ben', 'stranger');
    expect(await answer(thief, `!approve ${open.op} ${open.code}`)).toMatch(/stranger/);
    await thief.leave();
    const nameless = await site.person('ben');
    expect(await answer(nameless, `!approve ${open.op} ${open.code}`)).toMatch(/NickServ/);
    await nameless.leave();
  });

  it('is whoever logged out of services in mid-conversation', async () => {
    const cyd = await site.person('cyd', 'cyd');
    expect(await answer(cyd, '!whoami')).toMatch(/cyd/);
    cyd.say('NickServ', 'LOGOUT');
    await cyd.hears(/ 901 |logged out/i);
    expect(await answer(cyd, `!approve ${open.op} ${open.code}`)).toMatch(/NickServ/);
    await cyd.leave();
  });

  it('is the requester, with another account as well', async () => {
    const phone = await site.person('ana_phone', 'ana-phone');
    expect(await answer(phone, `!approve ${open.op} ${open.code}`)).toMatch(/own|asked for it/);
    expect(await answer(ana, `!approve ${open.op} ${open.code}`)).toMatch(/own|asked for it/);
  });

  it('is a member of a group of the same name in another directory', async () => {
    const kim = await site.person('kim', 'kim');
    expect(await answer(kim, '!reimage builder-09')).toMatch(/sysadmin-builders/);
    expect(await answer(kim, `!approve ${open.op} ${open.code}`)).toMatch(/sysadmin-builders/);
  });

  it('is an account that two entries have', async () => {
    const twofold = await site.person('twofold', 'twofold');
    expect(await answer(twofold, '!reimage builder-09')).toMatch(/dup.*dupe|dupe.*dup/);
  });

  it('is a person who has an entry in each directory, with either account', async () => {
    for (const account of ['eva', 'eva-home']) {
      const eva = await site.person(account, account);
      expect(await answer(eva, `!approve ${open.op} ${open.code}`)).toMatch(
        /uid=eva,ou=people,dc=insiders.*uid=eva,ou=people,dc=community/,
      );
      await eva.leave();
    }
  });

  it('is what a bridge says in the name of an operator', async () => {
    const relay = await site.person('relay', 'relay');
    expect(await answer(relay, '!reimage builder-09')).toMatch(/relay/);
    relay.say(CHANNEL, `<ben> !approve ${open.op} ${open.code}`);
    expect(await answer(relay, '!whoami')).toMatch(/relay/);
  });

  it('is a wrong code, and a host with a letter of another alphabet', async () => {
    const ben = await site.person('ben2', 'ben');
    const wrong = open.code === '0000' ? '0001' : '0000';
    expect(await answer(ben, `!approve ${open.op} ${wrong}`)).toMatch(/code/);
    expect(await answer(ben, '!reimage buіlder-09')).toMatch(/і|U\+0456/);
    expect(await answer(ben, '!reimage builder-09\x0304,01')).toMatch(/ben2: /);
    await ben.leave();
  });

  it('is an approver who was taken out of the group a minute ago', async () => {
    const cyd = await site.person('cyd', 'cyd');
    expect(await answer(cyd, '!whoami')).toMatch(/sysadmin-builders/);
    await site.directories.modify(
      [
        `dn: ${builders}`,
        'changetype: modify',
        'delete: member',
        `member: ${insider('cyd')}`,
        '',
      ].join('\n'),
    );
    expect(await answer(cyd, `!approve ${open.op} ${open.code}`)).toMatch(/sysadmin-builders/);
  });

  it('is everybody while no directory answers', async () => {
    const { insiders, community } = site.directories;
    await Promise.all([...insiders, community].map((one) => one.kill()));
    const ben = await site.person('ben3', 'ben');
    expect(await answer(ben, `!approve ${open.op} ${open.code}`)).toMatch(/insiders|community/);
    await Promise.all([...insiders, community].map((one) => one.start()));
    expect(await answer(ben, `!approve ${open.op} ${open.code}`)).toMatch(/approved by ben/);
  });
});
