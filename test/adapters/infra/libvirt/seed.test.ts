import { describe, expect, it } from 'vitest';
import { installToken } from '../../../../src/adapters/infra/install-server/install-token.ts';
import { seedOf } from '../../../../src/adapters/infra/libvirt/seed.ts';
import { GUEST, IMAGE, installation, NONCE, OP, USER_DATA } from './example-guest.ts';

const SERVER = 'http://10.0.0.5:8090/';
const disk = { path: 'f43/builder.qcow2', sha256: 'a'.repeat(64) };

function seed(userData = USER_DATA) {
  return seedOf(GUEST, { disk, userData }, { installation: installation(), server: SERVER });
}

describe('the seed of a guest', () => {
  it('names the operation as another instance, and the host', () => {
    expect(JSON.parse(seed().metaData)).toEqual({ 'instance-id': OP, 'local-hostname': GUEST });
  });

  it('tells cloud-init the nonce and where the report goes', () => {
    const token = installToken(GUEST, installation());
    expect(seed().userData).toBe(`#cloud-config
hostname: ${GUEST}
write_files:
  - path: /etc/signalbox/installed.json
    content: '{"image": "${IMAGE}", "nonce": "${NONCE}"}'
runcmd:
  - [curl, --data-urlencode, nonce=${NONCE}, ${SERVER}b/${token}/report]
`);
  });

  it('refuses user-data with which a guest could not prove itself', () => {
    expect(() => seed('#cloud-config\n{nonce}\n')).toThrow('it has no {report-url}');
    expect(() => seed('#cloud-config\n{report-url}\n')).toThrow('it has no {nonce}');
  });
});
