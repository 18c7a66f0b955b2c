import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BOT } from '../irc/bot.ts';
import type { Person } from '../irc/person.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { type Asked, answered, asked } from './asked.ts';
import { builders, insider } from './directories.ts';
import { CHANNEL, type EveningSite, FILTER, startEvening } from './evening-site.ts';

let site: EveningSite;
let ana: Person;
let open: Asked;
beforeAll(async () => {
  site = await startEvening();
  ana = await site.person('ana', 'ana');
  open = await asked(site, ana, '!reimage builder-08');
});
afterAll(() => site?.close());

const approve = ({ op, code }: Asked) => `!approve ${op} ${code}`;
const answer = (person: Person, text: string) => answered(site, person, text);

/** Somebody for the time of a test. */
async function comes(nick: string, account?: string): Promise<Person> {
  const person = await site.person(nick, account);
  onTestFinished(() => person.leave());
  return person;
}

/** They are told why not, in one line, and it is on record with the same reason. */
async function isRefused(person: Person, text: string, because: RegExp): Promise<void> {
  expect(await answer(person, text)).toMatch(because);
  const [command = ''] = text.slice(1).split(' ');
  const isOnRecord = async () => {
    const refused = await site.newestRefusal();
    const { shown, typed = '' } = refused ?? {};
    return (
      shown === person.nick && typed.startsWith(command) && because.test(`${refused?.because}`)
    );
  };
  await eventually(isOnRecord, PATIENCE_MS, () => `${because} of ${person.nick} is on record`);
}

describe('refused on IRC, and on record', () => {
  it('is whoever took the nick of an operator', async () => {
    const ben = await comes('ben', 'ben');
    await ben.leave();
    const thief = await comes('ben', 'stranger');
    await isRefused(thief, approve(open), /stranger/);
    expect(await site.newestRefusal()).toMatchObject({ account: 'stranger' });
    await thief.leave();
    const nameless = await comes('ben');
    await isRefused(nameless, approve(open), /services/);
    expect(await site.newestRefusal()).not.toHaveProperty('account');
  });

  it('is whoever logged out of services in mid-conversation', async () => {
    const cyd = await comes('cyd', 'cyd');
    expect(await answer(cyd, '!whoami')).toMatch(/cyd/);
    cyd.say('NickServ', 'LOGOUT');
    await cyd.hears(/ 901 |logged out/i);
    await isRefused(cyd, approve(open), /services/);
  });

  it('is the requester, with another account as well', async () => {
    const phone = await comes('ana_phone', 'ana-phone');
    await isRefused(phone, approve(open), /nobody approves their own request/);
    await isRefused(ana, approve(open), /nobody approves their own request/);
  });

  it('is a member of a group of the same name in another directory', async () => {
    const kim = await comes('kim', 'kim');
    await isRefused(kim, '!reimage builder-09', /kim is in community; .*sysadmin-builders/);
    await isRefused(kim, approve(open), /kim is in community; .*sysadmin-builders/);
  });

  it('is an account that two entries have', async () => {
    const twofold = await comes('twofold', 'twofold');
    await isRefused(twofold, '!reimage builder-09', /dup.*dupe|dupe.*dup/);
  });

  it.each(['eva', 'eva-home'])(
    'is %s, an account of a person who has an entry in each directory',
    async (account) => {
      const eva = await comes(account, account);
      const both = /uid=eva,ou=people,dc=insiders.*uid=eva,ou=people,dc=community/;
      await isRefused(eva, approve(open), both);
    },
  );

  it('is an account whose name would be another one in a filter of LDAP', async () => {
    const almost = await comes(FILTER, FILTER);
    await isRefused(almost, '!reimage builder-09', /61na/);
  });

  it('is what a bridge says in the name of an operator', async () => {
    const relay = await comes('relay', 'relay');
    await isRefused(relay, '!reimage builder-09', /relay/);
    relay.say(CHANNEL, `<ben> ${approve(open)}`);
    await isRefused(relay, '!whoami', /relay/);
    expect(await site.kinds(open.op)).not.toContain('approved');
  });

  it('is a wrong code, and the code of a plan that was taken back', async () => {
    const ben = await comes('ben2', 'ben');
    const wrong = open.code === '0000' ? '0001' : '0000';
    await isRefused(ben, approve({ ...open, code: wrong }), /0000|0001 is not the code/);
    const before = await asked(site, ana, '!reimage builder-09');
    ana.say(CHANNEL, `!cancel ${before.op}`);
    await site.onlooker.hears(/ CANCELLED: /);
    await isRefused(ben, approve(before), /does not wait for approval/);
    await isRefused(ben, approve({ ...open, code: before.code }), /is not the code of the plan/);
  });

  it('is a host with a letter of another alphabet, and signs that do not belong there', async () => {
    const ben = await comes('ben4', 'ben');
    await isRefused(ben, '!reimage buіlder-09', /U\+0456/);
    await isRefused(ben, '!reimage builder-09\x0304,01', /U\+0003/);
    await isRefused(ben, '!reimage builder-09\x01ACTION\x01', /U\+0001/);
    await isRefused(ben, '!reimage builder-09;reboot', /builder-09;reboot/);
    ben.send(`PRIVMSG ${CHANNEL} :\x01ACTION !reimage builder-09\x01`);
    expect(await answer(ben, '!whoami')).toMatch(/you are ben/);
  });

  it('is an approver who was taken out of the group a minute ago', async () => {
    const cyd = await comes('cyd', 'cyd');
    const change = (how: 'add' | 'delete') =>
      site.directories.modify(
        `dn: ${builders}\nchangetype: modify\n${how}: member\nmember: ${insider('cyd')}\n`,
      );
    expect(await answer(cyd, '!whoami')).toMatch(/sysadmin-builders/);
    await change('delete');
    onTestFinished(() => change('add'));
    await isRefused(cyd, approve(open), /cyd is in no group; .*sysadmin-builders/);
  });

  it('is an account that was taken from an approver a minute ago', async () => {
    const fay = await comes('fay', 'fay');
    const change = (how: 'add' | 'delete') =>
      site.directories.modify(
        `dn: ${insider('fay')}\nchangetype: modify\n${how}: ircAccount\nircAccount: fay\n`,
      );
    expect(await answer(fay, '!whoami')).toMatch(/you are fay, in sysadmin-builders/);
    await change('delete');
    onTestFinished(() => change('add'));
    await isRefused(fay, approve(open), /fay/);
  });

  it('is everybody while no directory answers', async () => {
    const { insiders, community } = site.directories;
    const all = [...insiders, community];
    const ben = await comes('ben3', 'ben');
    await Promise.all(all.map((one) => one.kill()));
    const back = () => Promise.all(all.map((one) => one.start()));
    try {
      await isRefused(ben, approve(open), /insiders|community/);
    } finally {
      await back();
    }
    expect(await answer(ana, '!whoami')).toMatch(/you are ana/);
  });
});

describe('200 commands at once on IRC', () => {
  it('are answered in part and declined once, hold up no approval, and cost nobody the connection', async () => {
    const [cyd, kim] = [await comes('cyd5', 'cyd'), await comes('kim', 'kim')];
    const before = site.onlooker.saidBy(BOT, CHANNEL).length;
    for (let nth = 0; nth < 200; nth += 1) kim.say(CHANNEL, `!status builder-${10 + (nth % 10)}`);
    cyd.say(CHANNEL, approve(open));
    await site.onlooker.hears(new RegExp(`${open.op} approved by cyd`));
    const meanwhile = site.onlooker.saidBy(BOT, CHANNEL).slice(before);
    expect(meanwhile.length).toBeLessThan(30);
    await kim.hears(/kim: (too many commands at once|\d+ more were not answered)/);
    cyd.say(CHANNEL, '!whoami');
    await cyd.hears(/cyd5: on irc you are cyd/);
    expect(
      site.onlooker.heard.filter((line) => line.startsWith(`:${BOT}!`) && / QUIT /.test(line)),
    ).toEqual([]);
  });
});
