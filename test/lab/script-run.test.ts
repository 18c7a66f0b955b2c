import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Incoming, Outgoing } from '../../src/bot/chat-network.ts';
import { Failure } from '../../src/domain/failure.ts';
import { runScript } from '../../src/lab/script/run-script.ts';
import { startScriptNetwork } from '../../src/lab/script/script-network.ts';
import type { Timer } from '../../src/lab/script/timer.ts';

/** Time that passes only when nothing else happens any more. */
function lazyTimer() {
  const passed: number[] = [];
  const timer: Timer = (ms, then) => {
    let cancelled = false;
    const wait = async () => {
      for (let i = 0; i < 20; i++) await turn();
      if (cancelled) return;
      passed.push(ms);
      then();
    };
    void wait();
    return () => {
      cancelled = true;
    };
  };
  return { timer, passed };
}

type Post = (as: Outgoing['as'], ...lines: string[]) => Promise<void>;

/** Plays a script to a bot that answers as `bot` says. */
async function play(
  script: string,
  bot: (incoming: Incoming, post: Post) => Promise<void> | void = () => undefined,
  lab: (line: string) => Promise<void> = async () => undefined,
) {
  const out = new PassThrough();
  const network = startScriptNetwork({ channel: '#ops', name: 'signalbox', out });
  const taken: Incoming[] = [];
  let said = 0;
  const post: Post = async (as, ...lines) => {
    await network.post({ channel: '#ops', key: `${++said}`, as, lines });
  };
  await network.start(async (incoming) => {
    taken.push(incoming);
    await bot(incoming, post);
  });
  const { timer, passed } = lazyTimer();
  const code = await runScript(script, 'tale.script', { network, lab, out, timer });
  return {
    code,
    taken,
    passed,
    out: String(out.read() ?? '')
      .split('\n')
      .slice(0, -1),
  };
}

const answering =
  (...lines: string[]) =>
  async (_: Incoming, post: Post) => {
    for (const line of lines) await post('notice', line);
  };

describe('playing a demo script', () => {
  it('prints the channel and ends 0 when every expectation was met', async () => {
    const { code, out } = await play('ana: !ops\nexpect: nothing runs', answering('nothing runs'));
    expect(code).toBe(0);
    expect(out).toEqual(['<ana> !ops', '<signalbox> nothing runs']);
  });

  it('ends 1 at an expectation that is not met, with the place and what was said', async () => {
    const script = 'ana: !ops\nexpect: nothing\nexpect: DONE\nana: !never';
    const { code, out, passed } = await play(script, answering('nothing runs', 'op-7k2m waits'));
    expect(code).toBe(1);
    expect(passed).toEqual([10_000]);
    expect(out.slice(3)).toEqual([
      'tale.script:3: expected "DONE" within 10 s',
      'said since the last match:',
      '   runs',
      '  op-7k2m waits',
    ]);
  });

  it('says when nothing was said at all', async () => {
    const { code, out } = await play('wait: /DONE/i 30s');
    expect(code).toBe(1);
    expect(out).toEqual([
      'tale.script:1: expected /DONE/i within 30 s',
      'said since the last match:',
      '  nothing',
    ]);
  });

  it('waits for what is said later', async () => {
    const later = async (_: Incoming, post: Post) => {
      void turn().then(() => post('notice', 'op-7k2m DONE'));
    };
    const { code, passed } = await play('ana: !go\nwait: /^op-.* DONE$/ 30s', later);
    expect(code).toBe(0);
    expect(passed).toEqual([]);
  });

  it('looks only at what was said since the last match', async () => {
    const script = 'ana: !ops\nexpect: second\nexpect: first';
    expect((await play(script, answering('first', 'second'))).code).toBe(1);
    const inOrder = 'ana: !ops\nexpect: first\nexpect: second';
    expect((await play(inOrder, answering('first, then second'))).code).toBe(0);
  });

  it('does not take what people type for what the bot said', async () => {
    expect((await play('ana: DONE\nexpect: DONE')).code).toBe(1);
  });

  it('puts the newest operation and its code in for $op and $code', async () => {
    const bot = answering(
      'ana: op-7k2m reimage',
      'needs 1 approval: !approve op-7k2m c4f1',
      'ana: op-9abc reimage',
      'needs 1 approval: !approve op-9abc 1234',
      'op-9abc waits for op-7k2m',
    );
    const script = 'ana: !go\nben: !approve $op $code\nexpect: /^op-9abc waits/\nlab: kill $op';
    const lines: string[] = [];
    const { taken, code } = await play(script, bot, async (line) => void lines.push(line));
    expect(taken[1]).toMatchObject({ text: '!approve op-9abc 1234' });
    expect(lines).toEqual(['kill op-9abc']);
    expect(code).toBe(0);
  });

  it('puts them into patterns too', async () => {
    const script = 'ana: !go\nexpect: $op starts\nexpect: /^$op ends$/';
    expect((await play(script, answering('op-7k2m starts', 'op-7k2m ends'))).code).toBe(0);
  });

  it('ends 1 where an operation or a code is wanted that nobody has seen', async () => {
    const early = await play('ana: !show $op');
    expect(early.code).toBe(1);
    expect(early.out).toEqual(['tale.script:1: $op: the channel has named no operation yet']);
    const script = 'ana: !go\nben: !approve $op $code';
    const { out } = await play(script, answering('op-7k2m starts'));
    expect(out.at(-1)).toBe(
      'tale.script:2: $code: the channel has shown no code to approve op-7k2m with',
    );
  });

  it('lets people react to the newest prompt', async () => {
    const bot = async (incoming: Incoming, post: Post) => {
      if (incoming.kind === 'reaction') return post('notice', `${incoming.sender.id} agrees`);
      await post('prompt', 'op-7k2m?');
      await post('prompt', 'op-9abc?');
      await post('notice', 'well?');
    };
    const { code, taken, out } = await play('ana: !go\nben: +👍\nexpect: ben agrees', bot);
    expect(code).toBe(0);
    expect(taken[1]).toMatchObject({
      kind: 'reaction',
      emoji: '👍',
      on: { id: expect.stringMatching(/-3$/) },
    });
    expect(out).toContain('* ben reacts 👍');
  });

  it('ends 1 where there is nothing to react to', async () => {
    const { code, out } = await play('ben: +👍');
    expect(code).toBe(1);
    expect(out).toEqual([
      'tale.script:1: there is no prompt yet that ben could react to; expect one first',
    ]);
  });

  it('ends 1 when the lab cannot do what it is told', async () => {
    const failure = new Failure({
      code: 'lab.unknown',
      problem: 'the lab cannot "dance"',
      because: 'it knows fail and kill',
      effect: 'none',
      next: 'Use one of them.',
    });
    const { code, out } = await play('lab: dance', undefined, () => Promise.reject(failure));
    expect(code).toBe(1);
    expect(out).toEqual([
      '-- lab: dance',
      'tale.script:1: the lab cannot "dance": it knows fail and kill. Use one of them.',
    ]);
  });

  it('plays nothing of a malformed script', async () => {
    const { code, out, taken } = await play('ana: !ops\nhm');
    expect(code).toBe(1);
    expect(taken).toEqual([]);
    expect(out[0]).toMatch(/^tale\.script:2: "hm": expected/);
  });

  it('is loud about a bug', async () => {
    const bug = () => Promise.reject(new TypeError('a bug'));
    await expect(play('lab: x', undefined, bug)).rejects.toThrow('a bug');
  });
});
