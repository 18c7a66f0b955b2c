import type { ClaimName } from '../../../jobs/ports/remote-shell.ts';
import { READ_CLAIM, START_CLAIM } from './claim-scripts.ts';
import { PUT_FILE } from './put-file-script.ts';

/** A script and its arguments, in one vocabulary for those who send it and those who simulate a host. */
export type ScriptCall =
  | {
      readonly script: 'start-claim';
      readonly stateDir: string;
      readonly claim: ClaimName;
      /** `login`: as the user who logged in, even where the script itself runs through sudo. */
      readonly as: 'root' | 'login';
      /** 0 for none. */
      readonly limitSeconds: number;
      readonly stdinBytes: number;
      readonly argv: readonly string[];
    }
  | { readonly script: 'read-claim'; readonly stateDir: string; readonly claim: ClaimName }
  | {
      readonly script: 'put-file';
      readonly path: string;
      /** Octal without a leading zero, as `stat -c %a` prints it. */
      readonly mode: string;
      readonly owner: string;
      /** Of the content that follows on stdin, in hex. */
      readonly sha256: string;
    };

const SOURCES = {
  'start-claim': START_CLAIM,
  'read-claim': READ_CLAIM,
  'put-file': PUT_FILE,
} as const;

/** Always exactly `sh -c SCRIPT signalbox ARGUMENT…`. */
export function formatScriptCall(call: ScriptCall): readonly string[] {
  return ['sh', '-c', SOURCES[call.script], 'signalbox', ...scriptArguments(call)];
}

function scriptArguments(call: ScriptCall): readonly string[] {
  switch (call.script) {
    case 'start-claim': {
      const { as, limitSeconds, stdinBytes, argv } = call;
      return [...claimArguments(call), as, String(limitSeconds), String(stdinBytes), ...argv];
    }
    case 'read-claim':
      return claimArguments(call);
    case 'put-file':
      return [call.path, call.mode, call.owner, call.sha256];
  }
}

function claimArguments({ stateDir, claim }: { stateDir: string; claim: ClaimName }) {
  const { op, step, attempt, part, epoch } = claim;
  return [stateDir, op, step, String(attempt), part, String(epoch)];
}

/** The call in an argv, or undefined when it is an ordinary command. */
export function parseScriptCall(argv: readonly string[]): ScriptCall | undefined {
  const [sh, dashC, source, zero, ...args] = argv;
  if (sh !== 'sh' || dashC !== '-c' || zero !== 'signalbox') return undefined;
  if (source === START_CLAIM) return parseStart(args);
  if (source === READ_CLAIM) return { script: 'read-claim', ...parseClaim(args) };
  if (source === PUT_FILE) return parsePut(args);
  return undefined;
}

function parseStart(args: readonly string[]): ScriptCall {
  const [as, limit, stdinBytes, ...argv] = args.slice(6);
  return {
    script: 'start-claim',
    ...parseClaim(args),
    as: as === 'root' ? 'root' : 'login',
    limitSeconds: Number(limit),
    stdinBytes: Number(stdinBytes),
    argv,
  };
}

function parseClaim(args: readonly string[]) {
  const [stateDir = '', op = '', step = '', attempt, part = '', epoch] = args;
  const claim = { op, step, attempt: Number(attempt), part, epoch: Number(epoch) };
  return { stateDir, claim };
}

function parsePut([path = '', mode = '', owner = '', sha256 = '']: readonly string[]): ScriptCall {
  return { script: 'put-file', path, mode, owner, sha256 };
}
