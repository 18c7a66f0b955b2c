import * as z from 'zod';

/** Where hosts reach the install server. Kernel arguments and boot loaders get it as it stands. */
export const InstallServerUrl = z
  .string()
  .regex(
    /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?(?:\/[A-Za-z0-9._-]+)*\/?$/,
    'expected where hosts reach the install server, such as http://10.0.0.5:8090/',
  )
  .transform((url) => (url.endsWith('/') ? url : `${url}/`));

/** What the answers are called, as each installer asks for them. */
export const ANSWER_FILES = {
  kickstart: 'kickstart',
  preseed: 'preseed.cfg',
  autoinstall: 'user-data',
} as const;

/** The folder of one installation; it ends with a slash, which NoCloud needs (cloud-init, datasources, NoCloud). */
export function installFolder(server: string, token: string): string {
  return `${server}b/${token}/`;
}
