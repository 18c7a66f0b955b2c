import { expect, it } from 'vitest';
import { runDemo } from '../../src/lab/demo.ts';

it('says which script cannot be read, before it starts a lab', async () => {
  await expect(runDemo('demo/none.txt')).rejects.toMatchObject({
    code: 'lab.no-script',
    message: expect.stringContaining('demo/none.txt cannot be read: there is no such file'),
  });
});
