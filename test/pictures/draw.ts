import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asMatrix } from './as-matrix.ts';
import { asSlack } from './as-slack.ts';
import { playedFailure } from './played.ts';

/** `node test/pictures/draw.ts`: the pictures of docs/pictures, by a chromium that is on the PATH. */
const seen = await playedFailure();
draw('matrix', asMatrix(seen), 640);
draw('slack', asSlack(seen), 730);
process.exit(0);

function draw(name: string, html: string, height: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-picture-'));
  const file = join(folder, 'page.html');
  const picture = fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url));
  writeFileSync(file, html);
  const how = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'];
  const size = [`--window-size=860,${height}`, `--screenshot=${picture}`];
  const { status, stderr } = spawnSync('chromium', [...how, ...size, `file://${file}`]);
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`chromium: ${stderr}`);
}
