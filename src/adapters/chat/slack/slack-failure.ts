import { printable } from '../../../bot/grammar/printable.ts';
import { Failure } from '../../../domain/failure.ts';
import { notSaidBeforeStop } from '../common/not-said.ts';

/** `error` is the word of Slack's own. */
export function loginRefused(what: string, error: string): Failure {
  return new Failure({
    code: 'slack.login-refused',
    problem: `Slack does not take ${what}`,
    because: printable(error, 200),
    effect: 'none',
    next: 'Take the tokens from the pages of the app at api.slack.com/apps, and install the app anew where its scopes changed.',
  });
}

export function otherTeam(team: string, configured: string): Failure {
  return new Failure({
    code: 'slack.other-team',
    problem: `the bot's token is of the workspace ${printable(team, 80)}`,
    because: `signalbox.yaml names ${configured}, and whoever is somebody in one workspace is nobody in another`,
    effect: 'none',
    next: 'Correct team in signalbox.yaml, or take the token of the other installation.',
  });
}

export function scopesMissing(scopes: readonly string[]): Failure {
  return new Failure({
    code: 'slack.scopes-missing',
    problem: `the app lacks scopes: ${scopes.join(', ')}`,
    because: 'its token was made before they were added, or its manifest does not ask for them',
    effect: 'none',
    next: 'Compare the manifest with docs/slack.md, and install the app anew.',
  });
}

export function noAnswer(what: string, because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'slack.no-answer',
    problem: `Slack did not answer ${what}`,
    because: printable(because, 300),
    effect: 'none',
    next: 'Nothing needs to be done if it is back soon; otherwise look at status.slack.com and at the way out from here.',
    cause,
  });
}

export function cannotListen(listen: string, cause: unknown): Failure {
  return new Failure({
    code: 'slack.cannot-listen',
    problem: `nothing can be received at ${listen}`,
    because: (cause as NodeJS.ErrnoException).code ?? String(cause),
    effect: 'none',
    next: 'Give listen an address of this machine that nothing else has.',
    cause,
  });
}

export function awayNow(channel: string, because: string, effect: 'none' | 'unknown'): Failure {
  return new Failure({
    code: 'slack.away',
    problem: `it was not said in ${channel}`,
    because: printable(because, 300),
    effect,
    next: 'Nothing: it is said when Slack is back, and what arrived is not said again.',
  });
}

export function stoppedBefore(channel: string): Failure {
  return notSaidBeforeStop(channel, 'slack.stopped');
}
