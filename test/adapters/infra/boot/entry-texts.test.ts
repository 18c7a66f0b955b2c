import { describe, expect, it } from 'vitest';
import { formatExtlinux } from '../../../../src/adapters/infra/boot/extlinux-entry.ts';
import {
  entryOwner,
  formatGrubEntry,
  quoteGrub,
  withEntry,
  withoutEntry,
} from '../../../../src/adapters/infra/boot/grub-entry.ts';
import { kernelArguments } from '../../../../src/adapters/infra/boot/kernel-arguments.ts';
import { installToken } from '../../../../src/adapters/infra/install-server/install-token.ts';
import { HostName, OpId } from '../../../../src/domain/ids.ts';
import { EXTLINUX_CONF } from './boot-fixture.ts';
import { HOST, INSTALLER, installation, NONCE, OP } from './example-image.ts';

const FOLDER = 'http://10.0.0.5:8090/b/0123/';

const SEED = { kind: 'autoinstall', repository: 'http://mirror/noble.iso' } as const;

describe('the arguments of an installer', () => {
  it('name the kickstart and the tree', () => {
    expect(kernelArguments(HOST, INSTALLER, FOLDER)).toEqual([
      'inst.ks=http://10.0.0.5:8090/b/0123/kickstart',
      'inst.repo=http://mirror.example.org/f43/os/',
      'ip=dhcp',
      'inst.text',
      'console=ttyS0,115200',
    ]);
  });

  it('name the preseed file and the host, and keep what is ours off the installed system', () => {
    expect(kernelArguments(HOST, { ...INSTALLER, kind: 'preseed' }, FOLDER)).toEqual([
      'auto=true',
      'priority=critical',
      'url=http://10.0.0.5:8090/b/0123/preseed.cfg',
      'hostname=builder-08',
      'domain=example.org',
      'interface=auto',
      'console=ttyS0,115200',
      '---',
    ]);
  });

  it('give no domain to a host that has none', () => {
    const words = kernelArguments(HostName.parse('b1'), { ...INSTALLER, kind: 'preseed' }, FOLDER);
    expect(words.filter((word) => word.startsWith('domain'))).toEqual([]);
  });

  it('name the seed with its slash, and the ISO', () => {
    expect(kernelArguments(HOST, { ...INSTALLER, ...SEED }, FOLDER)).toEqual([
      'autoinstall',
      'ip=dhcp',
      'url=http://mirror/noble.iso',
      'ds=nocloud-net;s=http://10.0.0.5:8090/b/0123/',
      'console=ttyS0,115200',
    ]);
  });
});

describe('a token', () => {
  it('is the same wherever it is made, and another for each host, operation and nonce', () => {
    const token = installToken(HOST, installation());
    expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect(installToken(HOST, installation({ epoch: 9 }))).toBe(token);
    const others = [
      installToken(HostName.parse('builder-10'), installation()),
      installToken(HOST, installation({ op: OpId.parse('op-9xyz') })),
      installToken(HOST, installation({ nonce: 'another' })),
    ];
    expect(new Set([token, ...others]).size).toBe(4);
  });

  it('does not show the nonce', () => {
    expect(installToken(HOST, installation())).not.toContain(NONCE.slice(0, 8));
  });
});

const ENTRY = formatGrubEntry({
  op: OP,
  epoch: 3,
  uuid: 'c0ffee-1',
  kernel: '/signalbox/op-7k2m/linux',
  initrd: '/signalbox/op-7k2m/initrd',
  arguments: kernelArguments(HOST, { ...INSTALLER, ...SEED }, FOLDER),
});

describe('an entry of GRUB', () => {
  it('boots the installer once, where it was chosen for that', () => {
    expect(ENTRY).toBe(`# signalbox: begin {"op":"op-7k2m","epoch":3}
menuentry 'Reinstall (op-7k2m)' --id signalbox-op-7k2m --unrestricted {
  load_env
  if [ "\${boot_once}" != true ]; then
    echo 'Signalbox: this is not the one-time entry, so op-7k2m is not started.'
  elif [ "\${next_entry}" = signalbox-op-7k2m ]; then
    echo 'Signalbox: the one-time entry was not cleared, so op-7k2m is not started.'
  else
    search --no-floppy --fs-uuid --set=root c0ffee-1
    linux /signalbox/op-7k2m/linux autoinstall ip=dhcp url=http://mirror/noble.iso 'ds=nocloud-net;s=http://10.0.0.5:8090/b/0123/' console=ttyS0,115200
    initrd /signalbox/op-7k2m/initrd
  fi
}
# signalbox: end
`);
  });

  it('says whose it is', () => {
    expect(entryOwner(ENTRY)).toEqual({ op: OP, epoch: 3 });
    expect(entryOwner('menuentry mine {\n}\n')).toBeUndefined();
  });

  const site = "menuentry 'Memory test' {\n  linux16 /memtest\n}\n";

  it.each([
    ['nothing else', '', ''],
    ['what the site wrote', site, site],
    ['a last line without an end', site.trimEnd(), site],
  ])('leaves %s as it is', (_what, before, after) => {
    const both = withEntry(before, ENTRY);
    expect(both.endsWith(ENTRY)).toBe(true);
    expect(withoutEntry(both)).toBe(after);
  });

  it('takes the place of another one of ours, and leaves what follows it', () => {
    const old = ENTRY.replaceAll('op-7k2m', 'op-9xyz');
    expect(withEntry(`${site}${old}${site}`, ENTRY)).toBe(`${site}${site}${ENTRY}`);
  });

  it.each([
    ['plain', 'plain'],
    ['a;b', "'a;b'"],
    ['$root', "'$root'"],
    ["it's", `'it'\\''s'`],
    ['{}', "'{}'"],
  ])('quotes %s as %s', (word, quoted) => {
    expect(quoteGrub(word)).toBe(quoted);
  });

  it.each(['two words', 'line\nbreak', 'tab\t', 'é', ''])('has no way to say %j', (word) => {
    expect(() => quoteGrub(word)).toThrow('A word for GRUB is printable and has no space');
  });
});

describe('an extlinux.conf', () => {
  const parts = { op: OP, epoch: 3, kernel: '/k', initrd: '/i', old: EXTLINUX_CONF };

  it("boots the installer with the default label's device tree", () => {
    expect(
      formatExtlinux({ ...parts, arguments: ['ip=dhcp', 'ds=nocloud-net;s=http://x/'] }),
    ).toBe(`# signalbox: {"op":"op-7k2m","epoch":3}
default signalbox-op-7k2m
prompt 0
timeout 10
label signalbox-op-7k2m
  kernel /k
  initrd /i
  fdtdir /dtb
  append ip=dhcp ds=nocloud-net;s=http://x/
`);
  });

  it('has no way to say a dollar sign', () => {
    expect(() => formatExtlinux({ ...parts, arguments: ['a=$b'] })).toThrow(
      'A word for U-Boot is printable, has no space and no $: "a=$b"',
    );
  });
});
