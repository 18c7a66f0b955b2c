import * as z from 'zod';
import { InstallServerUrl } from './install-urls.ts';

export const InstallServerConfig = z.strictObject({
  /** As hosts reach it. */
  url: InstallServerUrl,
  /** The address that the bot listens on: one in the hosts' network, never all of them. */
  listen: z.union([z.ipv4(), z.ipv6()], {
    error: 'expected an address of this machine such as 10.0.0.5',
  }),
  port: z.int().min(0).max(65_535).default(8090),
  /** Kernels, initrds and templates of all images. */
  files: z.string().startsWith('/', 'expected a folder such as /srv/signalbox/install'),
});
export type InstallServerConfig = z.infer<typeof InstallServerConfig>;
