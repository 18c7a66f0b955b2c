import { randomUUID } from 'node:crypto';
import { rootMessage } from '../../../domain/failure.ts';
import { type ExecEnd, type ExecRequest, KEPT_BYTES, LINGER_MS } from '../ssh/exec-line.ts';
import { KeptOutput } from '../ssh/kept-output.ts';
import type { Master } from './master.ts';
import { EndReport, formatReportedLine } from './reported-line.ts';
import { endGroup, type SshClient, spawnSsh, throughMaster } from './ssh-client.ts';

/** Runs one line in a session of its own. It settles in any case, like `execLine` of the other shell. */
export function execThroughMaster(master: Master, request: ExecRequest): Promise<ExecEnd> {
  const { stdin, limitMs, signal } = request;
  const unsent = randomUUID();
  const report = randomUUID();
  return new Promise((resolve) => {
    const ssh = startClient(master, formatReportedLine(request.line, report), unsent);
    if ('because' in ssh) return resolve({ kind: 'unsent', because: ssh.because });
    const settle = (end: ExecEnd) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      endGroup(ssh);
      resolve(end);
    };
    const abort = () => settle({ kind: 'aborted' });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), limitMs);
    signal.addEventListener('abort', abort, { once: true });
    follow(ssh, new EndReport(report), unsent, settle);
    // A command need not read its stdin to the end.
    ssh.stdin?.on('error', () => {});
    ssh.stdin?.end(stdin);
  });
}

function startClient(
  { folder, hop }: Master,
  line: string,
  unsent: string,
): SshClient | { readonly because: string } {
  const args = [...throughMaster(folder, unsent), '-o', 'LogLevel=ERROR', hop.host, '--', line];
  try {
    return spawnSsh(args, ['pipe', 'pipe', 'pipe']);
  } catch (error) {
    // E.g. E2BIG for words that are too long; other errors come as events.
    return { because: rootMessage(error) };
  }
}

function follow(
  ssh: SshClient,
  report: EndReport,
  unsent: string,
  settle: (end: ExecEnd) => void,
): void {
  const stdout = new KeptOutput(KEPT_BYTES);
  const stderr = new KeptOutput(KEPT_BYTES);
  let linger: NodeJS.Timeout | undefined;
  const end = (clientCode: number | null, open: boolean) => {
    clearTimeout(linger);
    const code = report.code ?? codeOfServer(clientCode);
    const said = stderr.text();
    if (code === undefined) return settle(withoutCode(said, unsent));
    const truncated = stdout.truncated || stderr.truncated;
    const result = { code, stdout: stdout.text(), stderr: report.without(said), truncated };
    settle({ kind: 'ended', result, open });
  };
  const startLinger = () => {
    linger ??= setTimeout(() => end(null, true), LINGER_MS);
    linger.refresh();
  };
  ssh.stdout?.on('data', (chunk: Buffer) => {
    linger?.refresh();
    stdout.push(chunk);
  });
  ssh.stderr?.on('data', (chunk: Buffer) => {
    stderr.push(chunk);
    report.push(chunk);
    if (report.code !== undefined) startLinger();
  });
  ssh.on('error', (error) => settle({ kind: 'unsent', because: rootMessage(error) }));
  ssh.on('close', (code) => end(code, false));
}

/**
 * Anything but 255 is what the server reported: a login that runs something else than our line, such as nologin, has no
 * report. ssh itself only ever ends with 255.
 */
function codeOfServer(code: number | null): number | undefined {
  return code === 255 || code === null ? undefined : code;
}

/**
 * ssh asks its master for a session, and tries a connection of its own when it gets none, which `throughMaster` turns into a
 * word of ours. Only what happened before that request is certain to have started nothing (mux.c of OpenSSH 9.2,
 * mux_client_request_session).
 */
function withoutCode(said: string, unsent: string): ExecEnd {
  if (!said.includes(unsent)) return { kind: 'lost', because: 'it ended without an exit code' };
  const refused = /session request failed: (.+)/.exec(said)?.[1];
  if (refused !== undefined) return { kind: 'refused', because: refused.trim() };
  if (/request_session: (?!master alive)/.test(said)) {
    return { kind: 'lost', because: 'the connection ended while the command was sent' };
  }
  return { kind: 'unsent', because: 'the connection was closed' };
}
