import * as z from 'zod';

const Seconds = z
  .number()
  .positive()
  .max(24 * 3600);

/** What every SSH shell is configured with, whatever carries its connections. */
export const shellSettings = {
  /** Keys of the SSH agent at SSH_AUTH_SOCK instead of a key file. */
  agent: z.boolean().default(false),
  'connect-timeout-s': Seconds.default(20),
  'keepalive-s': Seconds.default(10),
  'idle-close-s': Seconds.default(60),
  /** Below MaxSessions of sshd, which is 10 unless set. */
  'channels-per-connection': z.int().min(1).max(100).default(8),
  /** For commands that bring no limit of their own. */
  'command-timeout-s': Seconds.default(300),
  /** Where claims are kept on each host; made with mode 0700. It has to survive a restart of the host. */
  'state-dir': z.string().startsWith('/').default('/var/lib/signalbox/claims'),
};

const Settings = z.object(shellSettings);
export type ShellSettings = z.infer<typeof Settings>;
