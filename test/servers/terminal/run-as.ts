import { runCommand } from '../../../src/program/run/run-command.ts';

/** `run-as.ts UID GID SOCKET COMMAND [--wait]`: what `signalbox run` does, as another user. */
const [uid, gid, socket = '', command = '', wait] = process.argv.slice(2);

process.setgroups?.([]);
process.setgid?.(Number(gid));
process.setuid?.(Number(uid));
await runCommand(command, { config: '', socket, ...(wait && { wait: true }) });
