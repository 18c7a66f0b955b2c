import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { type ConsoleNetwork, consoleNetwork } from '../adapters/chat/console/console-network.ts';
import { whyUnreadable } from '../adapters/why-unreadable.ts';
import type { ChatNetwork } from '../bot/chat-network.ts';
import { Failure } from '../domain/failure.ts';
import { ZoneName } from '../domain/ids.ts';
import { completeLine } from '../program/complete-line.ts';
import type { Program } from '../program/program.ts';
import { startBot } from '../program/start-bot.ts';
import { knowHostKeys } from './know-host-keys.ts';
import { type Lab, startLab } from './lab.ts';
import { LAB_HELP, labCommand } from './lab-commands.ts';
import { openLabProgram } from './lab-program.ts';
import { LAB_SCALE } from './lab-time.ts';
import { runScript } from './script/run-script.ts';
import { startScriptNetwork } from './script/script-network.ts';
import { superviseWorker, type WorkerProcess } from './worker-process.ts';

const CHANNEL = '#ops';
const ZONE = ZoneName.parse('staging');
const PEOPLE = ['ana', 'ben', 'kim'];

/** The lab with the console in front of it, or with a script; gives the exit code. A Failure when the script cannot be read. */
export async function runDemo(script?: string): Promise<number> {
  const text = script === undefined ? undefined : await textOf(script);
  const lab = await startLab();
  const program = await openLabProgram(lab.configPath, lab.store, {
    ...process.env,
    ...lab.environment,
  });
  await knowHostKeys(program.hostKeys(ZONE), lab.fleet);
  const worker = superviseWorker(lab);
  try {
    return text === undefined
      ? await interactive(program, lab, worker)
      : await scripted(program, lab, worker, { text, file: script ?? '' });
  } finally {
    worker.stop();
    await program.close();
    await lab.close();
  }
}

async function textOf(script: string): Promise<string> {
  try {
    return await readFile(script, 'utf8');
  } catch (error) {
    throw new Failure({
      code: 'lab.no-script',
      problem: `the script ${script} cannot be read`,
      because: whyUnreadable(error),
      effect: 'none',
      next: 'Name one such as demo/reimage.txt.',
      cause: error,
    });
  }
}

async function scripted(
  program: Program,
  { fleet, pair }: Lab,
  worker: WorkerProcess,
  { text, file }: { readonly text: string; readonly file: string },
): Promise<number> {
  const out = process.stdout;
  const network = startScriptNetwork({ channel: CHANNEL, name: 'signalbox', out });
  const bot = await startBot(program, [network]);
  const lab = async (line: string) => {
    for (const said of await labCommand(line, { fleet, worker, zone: pair?.zone }))
      out.write(`-- ${said}\n`);
  };
  try {
    return await runScript(text, basename(file), { network, lab, out });
  } finally {
    await bot.stop();
  }
}

async function interactive(program: Program, lab: Lab, worker: WorkerProcess): Promise<number> {
  process.stdout.write(`${banner(lab)}\n`);
  const network = labConsole(program, lab, worker);
  const bot = await startBot(program, [network as ChatNetwork]);
  process.once('SIGINT', () => void network.stop());
  await network.closed;
  await bot.stop();
  return 0;
}

function labConsole(program: Program, { fleet, pair }: Lab, worker: WorkerProcess): ConsoleNetwork {
  const parts = { fleet, worker, zone: pair?.zone };
  let speaker = 'ana';
  return consoleNetwork({
    input: process.stdin,
    output: process.stdout,
    channel: CHANNEL,
    name: 'signalbox',
    speaker: () => ({ id: speaker, shown: speaker }),
    complete: (line) => completeLine(program, line),
    historyFile: join('var', `history-${userInfo().username}`),
    environment: process.env,
    async local(line) {
      const [verb = '', ...rest] = line.slice(1).split(/\s+/);
      if (verb === 'as') return speakAs(rest[0] ?? '', (name) => (speaker = name));
      if (verb === 'lab') return labCommand(rest.join(' '), parts);
      if (verb === 'kill') return labCommand(line.slice(1), parts);
      if (verb === 'quit') return [];
      return [
        `/as NAME speaks as one of ${PEOPLE.join(', ')}; +👍 reacts to the newest prompt; /quit`,
        ...LAB_HELP,
      ];
    },
  });
}

function speakAs(name: string, become: (name: string) => void): readonly string[] {
  if (!PEOPLE.includes(name))
    return [
      `${name ? `there is no ${name} here` : 'name somebody'}: there are ${PEOPLE.join(', ')}`,
    ];
  become(name);
  return [`you are ${name} now`];
}

function banner({ folder }: Lab): string {
  return [
    'A lab on this machine: 20 builders with SSH servers, a koji hub, a service on two nodes with its DNS, and ana and ben (operators) and kim (community).',
    `Lab time is scaled: 1 minute there is ${60 / LAB_SCALE} second here. The store is in memory: nothing survives this lab.`,
    `Its configuration, to look at: ${folder}`,
    '',
    'Four things to try:',
    '  !reimage builder-07          then /as ben and +👍 to approve it',
    '  /lab fail configure builder-08 once   before !reimage builder-08, to be asked what to do',
    '  /kill worker                 in the middle of it',
    '  !swap compute                moves the service to the other node; !status compute shows where it is',
    '!help lists commands, /help what the lab can do, /quit ends it.',
    '',
  ].join('\n');
}
