import type { HostName } from '../../../domain/ids.ts';
import type { ImageGuest } from '../../../domain/inventory.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import { fillTemplate } from '../../web/install-server/fill-template.ts';
import { installToken } from '../install-server/install-token.ts';
import { installFolder } from '../install-server/install-urls.ts';

export interface Seed {
  readonly metaData: string;
  readonly userData: string;
}

/** What cloud-init's NoCloud reads. Another instance id than before is another machine to it. */
export function seedOf(
  guest: HostName,
  { userData }: ImageGuest,
  { installation, server }: { readonly installation: Installation; readonly server: string },
): Seed {
  const { op, image, nonce } = installation;
  const folder = installFolder(server, installToken(guest, installation));
  return {
    // Every JSON text is YAML (YAML 1.2.2, section 1.2).
    metaData: `${JSON.stringify({ 'instance-id': op, 'local-hostname': guest })}\n`,
    userData: fillTemplate(userData, 'autoinstall', {
      host: guest,
      image,
      operation: op,
      nonce,
      'report-url': `${folder}report`,
    }),
  };
}
