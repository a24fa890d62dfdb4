import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../process/wait.js';
import { SetupError, workspaceRoot } from '../machine/files.js';
import { takeLock } from '../process/process-lock.js';
import { checkJars } from './jar-checksums.js';

const run = promisify(execFile);
const LONGEST_FETCH_MS = 600_000;
const INSTEAD = 'or set KAFKA_BROKERS=host:port,… to use a running Kafka';

const SETTINGS = join(workspaceRoot(), 'libs', 'test-servers', 'kafka');

/** Folder of Kafka's jars, fetched by Maven on first use into `.sluice/kafka-lib/<hash of the pom>`; the folder appears whole or not at all. Each time they are compared with the sums in the repository. */
export async function kafkaJars(notice: (text: string) => void): Promise<string> {
  const pom = join(SETTINGS, 'pom.xml');
  const stamp = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const home = join(workspaceRoot(), '.sluice', 'kafka-lib', stamp);
  if (!existsSync(home)) {
    notice("fetching Kafka's jars with Maven, once …");
    await inTurn(`${home}.lock`, async () => existsSync(home) || (await fetchJars(pom, home)));
  }
  checkJars(home, join(SETTINGS, 'jars.sha256'));
  return home;
}

/** Start of a Java program of Kafka, apart from the program's own arguments. */
export interface KafkaJava {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Links jars and logging settings into the broker's folder, which becomes the working directory.
 * Java and Kafka separate paths by colons and commas and cannot quote them: relative names work in
 * every folder. The locale lets Java read path names that are not ASCII.
 */
export function linkJars(dataDir: string, jars: string): KafkaJava {
  if (`${dataDir}/`.includes('!/'))
    throw new SetupError(
      `Kafka cannot start in ${dataDir}, because Java takes "!/" for the end of a jar's name: choose a path without "!/"`,
    );
  link(jars, join(dataDir, 'lib'));
  link(join(SETTINGS, LOGGING), join(dataDir, LOGGING));
  const classPath = readdirSync(jars)
    .sort()
    .map((jar) => `lib/${jar}`)
    .join(':');
  return {
    args: [`-Dlog4j2.configurationFile=${LOGGING}`, '-cp', classPath],
    cwd: dataDir,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  };
}

const LOGGING = 'log4j2.properties';

/** The checkout may have moved since the last start. */
function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/**
 * Runs work under a lock, because Maven's local repository does not support concurrent writes. A
 * second process waits and finds the jars.
 */
async function inTurn(lock: string, work: () => Promise<unknown>): Promise<void> {
  const release = await until(
    "Kafka's jars are missing",
    async () => takeLock(lock),
    LONGEST_FETCH_MS,
    250,
  );
  try {
    await work();
  } finally {
    release();
  }
}

async function fetchJars(pom: string, home: string): Promise<void> {
  const half = `${home}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    await run('mvn', [
      '-q',
      '-B',
      '-f',
      pom,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${half}`,
    ]);
    renameSync(half, home);
  } catch (error) {
    throw new SetupError(whyMavenFailed(error), { cause: error });
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

function whyMavenFailed(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return `Maven (mvn) is missing; Kafka's jars are fetched with Maven once. Install Maven (Debian and Ubuntu: apt install maven; macOS: brew install maven), ${INSTEAD}`;
  }
  const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  const errors = output
    .split('\n')
    .filter((line) => /\[ERROR\] \S/.test(line))
    .slice(0, 2)
    .join('\n');
  return `Maven could not fetch Kafka's jars. Maven needs its repository, or a mirror named in ~/.m2/settings.xml; ${INSTEAD}.\n${errors}`;
}

/** Throws a SetupError with instructions if `java` is missing or older than 17. */
export async function checkJava(java: string): Promise<void> {
  const version = await run(java, ['-version']).then(
    ({ stderr }) => /version "(\d+)/.exec(stderr)?.[1],
    () => undefined,
  );
  if (version !== undefined && Number.parseInt(version, 10) >= 17) return;
  const found = version === undefined ? 'Java is missing' : `Java ${version} is too old`;
  throw new SetupError(
    `${found}: Kafka needs Java 17 or newer. Install Java (Debian and Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk), ${INSTEAD}`,
  );
}
