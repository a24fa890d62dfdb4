import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

/** Another process of ours that asks for ports and lives on until it has printed them. */
const ANOTHER = `
  const { freePort } = await import(process.argv[1]);
  const ports = [];
  for (const wish of process.argv.slice(2)) ports.push(await freePort(Number(wish)));
  console.log(JSON.stringify(ports));`;

describe('freePort', () => {
  const askedElsewhere = async (...wishes: number[]): Promise<number[]> => {
    const main = new URL('../../dist/servers/free-port.js', import.meta.url).href;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      ANOTHER,
      main,
      ...wishes.map(String),
    ]);
    return JSON.parse(stdout);
  };

  it('reserves a port while the requesting process lives, also before its server listens', async () => {
    const mine = [await freePort(), await freePort(), await freePort()];

    const others = await askedElsewhere(...mine);

    expect(new Set([...mine, ...others]).size).toBe(6);
  });

  it('gives a port again to the process that has it and asks for it, and to anybody once that has ended', async () => {
    const mine = await freePort();
    const [theirs = 0] = await askedElsewhere(await freePort());

    expect(await freePort(mine)).toBe(mine);
    expect(await freePort(theirs)).toBe(theirs);
  });

  it('gives no port at which somebody listens, or that is excluded', async () => {
    const busy = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(busy, '127.0.0.1', resolve));
    const excluded = await freePort();

    expect(await freePort(busy)).not.toBe(busy);
    expect(await freePort(excluded, new Set([excluded]))).not.toBe(excluded);
    await new Promise((resolve) => server.close(resolve));
  });
});
