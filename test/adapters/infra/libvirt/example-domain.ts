/** As `virsh dumpxml --inactive` prints one, shortened. */
export function domainXml({ machine = 'pc-q35-7.2', metadata = '', os = '', devices = '' } = {}) {
  return `<domain type='kvm'>
  <name>builder-09</name>
  <uuid>658dd4f0-4511-4813-88dc-d3a5ba450e2b</uuid>
  <description>Ana&apos;s builder &amp; &lt;nobody&gt; else&apos;s</description>${metadata}
  <os>
    <type arch='x86_64' machine='${machine}'>hvm</type>${os}
  </os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='none'/>
      <source file='/disks/root.img'/>
      <backingStore/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='block' device='lun'>
      <source dev='/dev/vg/cache'/>
      <target dev='sda' bus='scsi'/>
    </disk>
    <disk type='file' device='cdrom'>
      <target dev='sdb' bus='sata'/>
      <readonly/>
    </disk>${devices}
  </devices>
</domain>
`;
}
