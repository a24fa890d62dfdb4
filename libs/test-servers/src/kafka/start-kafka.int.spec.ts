import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.js';
import { startGuard } from '../process/process-guard.js';
import { tempFolder } from '../machine/files.js';
import { readAll, send } from '../servers/topic-access.js';
import { ensureTopics } from './kafka-client.js';
import { startKafka, type KafkaServer } from './start-kafka.js';

const guard = startGuard();

/** Java separates lists of files by colons and commas, and reads settings as Latin-1. */
const ODD = `a b,c:ü#$HOME%20'"`;

describe('startKafka', () => {
  const folder = tempFolder(guard);
  let server: KafkaServer;
  beforeAll(async () => {
    const [port, controllerPort] = [await freePort(), await freePort()];
    server = await startKafka({
      dataDir: join(folder, ODD, 'kafka'),
      port,
      controllerPort,
      logFile: join(folder, 'kafka.log'),
      guard,
      restart: true,
    });
  });
  afterAll(() => server.stop());

  it('comes back by itself on the same port after kill -9, with its topics and messages', async () => {
    await ensureTopics(server, [{ name: 'kept', partitions: 3 }]);
    await send(server, 'kept', ['a', 'b', 'c']);

    await server.process.kill('SIGKILL');
    await server.process.untilReady();

    await send(server, 'kept', ['d']);
    expect((await readAll(server, 'kept', 4)).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps everything in its folder, whatever the name of the folder', () => {
    expect(readdirSync(folder).sort()).toEqual([ODD, 'kafka.log']);
    expect(readdirSync(join(folder, ODD, 'kafka', 'logs'))).toContain('meta.properties');
  });

  it('makes a topic with the partitions asked for, and no topic by merely being written to', async () => {
    await ensureTopics(server, [{ name: 'kept', partitions: 3 }]); // safe to repeat

    await expect(send(server, 'never-made', ['x'])).rejects.toThrow(/topic/i);
  });
});
