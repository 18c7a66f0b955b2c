import { PassThrough } from 'node:stream';
import { consoleNetwork } from '../../../../src/adapters/chat/console/console-network.ts';
import { networkConformance } from '../../../network-conformance.ts';

networkConformance('a console', { shows: 'lines' }, async () => {
  const input = Object.assign(new PassThrough(), { isTTY: false });
  const output = Object.assign(new PassThrough(), { isTTY: false, columns: 80 });
  let said = '';
  output.on('data', (part) => {
    said += part;
  });
  const network = consoleNetwork({
    input,
    output,
    channel: '#ops',
    name: 'signalbox',
    speaker: () => ({ id: 'ana', shown: 'ana' }),
    local: async () => [],
    environment: { NO_COLOR: '1' },
  });
  return {
    network,
    channel: '#ops',
    person: 'ana',
    says: async (text) => input.write(`${text}\n`),
    read: async () => said.split('\n').filter((line) => line !== ''),
    reacts: async (_, emoji) => input.write(`+${emoji}\n`),
    close: async () => void input.end(),
  };
});
