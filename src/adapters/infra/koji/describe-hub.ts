import { LoggedInUser, PermissionNames, Version } from './hub-answers.ts';
import type { HubQuestions } from './hub-questions.ts';

/** Source: `AUTHTYPES` in koji/__init__.py. */
const HOW: Readonly<Record<number, string>> = {
  0: ' with a password',
  2: ' with a certificate',
  3: ' with a Kerberos ticket',
};

/** E.g. `koji 1.35.3 at koji.example.org, logged in as bot with a certificate, may: host`. */
export async function describeHub(
  { hubName, ask }: HubQuestions,
  signal: AbortSignal,
): Promise<string> {
  const version = await ask(Version, signal, 'getKojiVersion');
  const user = await ask(LoggedInUser, signal, 'getLoggedInUser');
  const permissions = await ask(PermissionNames, signal, 'getPerms');
  const may = permissions.length > 0 ? permissions.toSorted().join(', ') : 'nothing';
  const who = user === null ? 'nobody' : `${user.name}${HOW[user.authtype] ?? ''}`;
  return `koji ${version} at ${hubName}, logged in as ${who}, may: ${may}`;
}
