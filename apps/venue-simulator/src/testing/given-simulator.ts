import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../simulator.js';

/**
 * Starts a simulator for all tests of a file, in this process and with a separate book. The address
 * is known after the first hook. For specs only.
 */
export function givenSimulator(venue: string): { readonly url: string } {
  const data = mkdtempSync(join(tmpdir(), 'sluice-simulator-'));
  let simulator: Simulator | null = null;
  beforeAll(
    async () =>
      void (simulator = await startSimulator({
        venue,
        host: '127.0.0.1',
        port: 0,
        data,
        tls: null,
        keys: [],
      })),
  );
  afterAll(async () => {
    await simulator?.stop();
    rmSync(data, { recursive: true });
  });

  return {
    get url() {
      if (simulator === null) throw new Error('the simulator starts before the first test');
      return simulator.url;
    },
  };
}
