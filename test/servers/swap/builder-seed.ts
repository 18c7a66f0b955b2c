import { kojid } from '../reimage/tiny-images.ts';

/** What makes a guest of the golden image a builder when it starts for the first time. */
export function builderSeed(
  name: string,
  { authorized, checkInPort }: { authorized: string; checkInPort: number },
) {
  return {
    'meta-data': `instance-id: ${name}\nlocal-hostname: ${name}\n`,
    'user-data': `#!/bin/sh
set -eu
mkdir -p /root/.ssh
echo '${authorized}' >/root/.ssh/authorized_keys
cat >/etc/rc.d/kojid <<'END'
${kojid(checkInPort)}END
`,
  };
}
