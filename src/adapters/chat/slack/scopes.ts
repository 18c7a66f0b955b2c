/** What the app may do, by the names of https://docs.slack.dev/reference/scopes; docs/slack.md has them in its manifest. */
export const SCOPES = [
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'reactions:read',
  'reactions:write',
  'users:read',
] as const;
