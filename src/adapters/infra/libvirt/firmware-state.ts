import { attributeOf, childrenOf, findElement, textOf, type XmlNode } from './xml-tree.ts';

/** What undefining a guest would lose. */
export interface FirmwareState {
  /** The file with the firmware's variables; undefined where it has none in a file. */
  readonly nvram: string | undefined;
  /** The folder of its emulated TPM. */
  readonly tpm: string | undefined;
}

export function firmwareState(domain: XmlNode, tpmFolder: string): FirmwareState {
  const nvram = findElement(domain, 'os', 'nvram');
  const file = attributeOf(nvram && findElement(nvram, 'source'), 'file') ?? textOf(nvram);
  const devices = findElement(domain, 'devices');
  const emulated = (devices ? childrenOf(devices, 'tpm') : []).some(
    (tpm) => attributeOf(findElement(tpm, 'backend'), 'type') === 'emulator',
  );
  const uuid = textOf(findElement(domain, 'uuid'));
  return {
    nvram: file === '' ? undefined : file,
    tpm: emulated && uuid !== '' ? `${tpmFolder}/${uuid}` : undefined,
  };
}
