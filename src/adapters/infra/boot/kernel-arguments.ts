import type { HostName } from '../../../domain/ids.ts';
import type { ImageInstaller } from '../../../domain/inventory.ts';
import { ANSWER_FILES } from '../install-server/install-urls.ts';

/**
 * Tells an installer's kernel where its answers are. Words, as the kernel sees them; whoever writes them into a boot
 * loader's file quotes them there.
 */
export function kernelArguments(
  host: HostName,
  { kind, repository, arguments: more }: ImageInstaller,
  folder: string,
): readonly string[] {
  switch (kind) {
    case 'kickstart':
      // Anaconda, boot options: inst.ks, inst.repo.
      return [
        `inst.ks=${folder}${ANSWER_FILES.kickstart}`,
        ...(repository === undefined ? [] : [`inst.repo=${repository}`]),
        'ip=dhcp',
        'inst.text',
        ...more,
      ];
    case 'preseed': {
      // Debian installation guide, B.2: what comes after `---` stays on the installed system's command line.
      const [name, ...domain] = host.split('.');
      return [
        'auto=true',
        'priority=critical',
        `url=${folder}${ANSWER_FILES.preseed}`,
        `hostname=${name}`,
        ...(domain.length > 0 ? [`domain=${domain.join('.')}`] : []),
        'interface=auto',
        ...more,
        '---',
      ];
    }
    case 'autoinstall':
      // Subiquity asks before it wipes anything unless `autoinstall` stands here; the seed's URL ends with a slash.
      return [
        'autoinstall',
        'ip=dhcp',
        ...(repository === undefined ? [] : [`url=${repository}`]),
        `ds=nocloud-net;s=${folder}`,
        ...more,
      ];
    default:
      return kind satisfies never;
  }
}
