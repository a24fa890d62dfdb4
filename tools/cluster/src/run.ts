import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, startGuard, workspaceRoot, type ProcessGuard } from '@sluice/test-servers';
import type { Environment, ServiceName } from '@sluice/stack';
import { CHART, helmProgram } from './chart/helm.js';
import { Chart, chartServices, startServers, type Servers } from './installation/servers.js';
import { clusterConfig, type ClusterOptions } from './options.js';
import { environmentsOf } from './installation/environments.js';
import {
  reachByForwarding,
  reachDirectly,
  runFileOf,
  servicePortsOf,
  type Reach,
} from './installation/reach.js';
import { objectsToMake, randomUserId, valuesOf } from './installation/secrets.js';
import { Prometheus, watchInstallation } from './monitoring/prometheus.js';
import { Kubectl, runProgram } from './programs/kubectl.js';
import { KUBERNETES_VERSION, OwnCluster } from './own-cluster/own-cluster.js';
import { THIS_MACHINE, whatIsMissing } from './own-cluster/what-is-missing.js';
import { prove, type ClusterProof } from './proof.js';
import type { Teller } from './output/say.js';

/** This machine cannot run a cluster, for the listed reasons. */
export class CannotRunHere extends Error {}

const NAMESPACE = 'sluice-proof';
const RELEASE = 'sluice';
const FOLDER = join(workspaceRoot(), '.sluice/cluster');

/** Clean-up steps, run in reverse order. */
type Down = { readonly what: string; readonly work: () => Promise<void> }[];

/**
 * Runs the proof. Resolves with the faults, a sentence each. Throws CannotRunHere if the machine
 * lacks a requirement; no step has begun in this case.
 */
export async function run(
  options: ClusterOptions,
  teller: Teller,
  stopped: Promise<never>,
): Promise<readonly string[]> {
  const helm = helmProgram();
  if (helm === null)
    throw new CannotRunHere('Helm is missing: set HELM, or install Go to build Helm');
  const { kubeconfig } = clusterConfig();
  if (kubeconfig === '') await refuseWhereNothingCanRun();
  const down: Down = [];
  const work = installAndProve({ helm, options, teller }, down);
  work.catch(() => undefined); // after a stop, open work fails because the cluster is gone
  let faults: readonly string[] = [];
  try {
    faults = await Promise.race([work, stopped]);
  } finally {
    await takeDown(down, teller);
  }
  if (!options.keep && faults.length === 0) rmSync(FOLDER, { recursive: true, force: true });
  return faults;
}

interface Task {
  readonly helm: string;
  readonly options: ClusterOptions;
  readonly teller: Teller;
}

async function installAndProve(
  { helm, options, teller }: Task,
  down: Down,
): Promise<readonly string[]> {
  const config = clusterConfig();
  const guard = startGuard();
  const { kubectl, host, own } = await provideCluster(teller, guard, down);
  const images = imagesOf(config.imagePrefix);
  if (own) await teller.during(`${images.length} images handed over`, () => own.load(images));
  // a new simulator has no record of older payments
  rmSync(join(FOLDER, 'servers'), { recursive: true, force: true });
  const servers = await teller.during(
    `Kafka and PostgreSQL listen at ${host}, with TLS, a login for each service and certificates for that address; the simulated venues and a node of each chain run as well`,
    () =>
      startServers({
        folder: join(FOLDER, 'servers'),
        host,
        clients: own ? `${host}/24` : '0.0.0.0/0',
        guard,
        java: config.java === '' ? 'java' : join(config.java, 'bin/java'),
      }),
  );
  down.push({
    what: 'Kafka, PostgreSQL, the issuer and the nodes ended',
    work: () => servers.stop(),
  });
  const environments = environmentsOf(servers);
  await prepareNamespace(kubectl, { servers, environments, teller, down });
  const values = valuesOf(servers, chartServices(), environments, {
    imagePrefix: config.imagePrefix || 'localhost/',
    imagesAreThere: own !== null,
    userId: userIdFor(options, teller),
  });
  const chart = new Chart(helm, kubectl, RELEASE);
  down.push({ what: 'the chart uninstalled', work: () => chart.uninstall() });
  await teller.during(
    `the chart ${versionOfChart()} installed: topics and rights made, every database migrated as its owner, every pod ready`,
    () => chart.install(writeValues('values', values)),
  );
  await teller.during(
    (said) => `helm test: ${/^ok: .*$/m.exec(said)?.[0] ?? said.trim()}`,
    () => chart.test(),
  );
  const reach = own
    ? await reachDirectly(kubectl)
    : await reachByForwarding(kubectl, servicePortsOf(RELEASE), guard, join(FOLDER, 'logs'));
  down.push({ what: 'the port forwards into the cluster closed', work: () => reach.stop() });
  const faults = await proveThrough(reach, servers, { chart, values, kubectl, options, teller });
  if (faults.length > 0) return faults; // a fault of money is never hidden by a later error
  await teller.during('the toolbox accepts the token of a person', () =>
    whoamiInToolbox(kubectl, servers.issuer.tokenOf('demo')),
  );
  if (!own) return faults; // Prometheus runs on this machine, and reaches the pods of an own cluster only
  const prometheus = await Prometheus.start({
    folder: join(FOLDER, 'monitoring'),
    release: RELEASE,
    namespace: NAMESPACE,
    kubeconfig: kubectl.kubeconfig,
    caFile: servers.caFile,
    environments,
    guard,
  });
  down.push({ what: 'Prometheus ended', work: () => prometheus.stop() });
  await watchInstallation(prometheus, { kubectl, kafka: servers.kafka, teller });
  return faults;
}

function userIdFor({ randomUser }: ClusterOptions, teller: Teller): number | null {
  if (!randomUser) return null;
  const userId = randomUserId();
  teller.say(`every pod runs as user ${userId} in group 0`);
  return userId;
}

function whoamiInToolbox(kubectl: Kubectl, token: string): Promise<string> {
  const toolbox = `deployment/${RELEASE}-toolbox`;
  return kubectl.run(['exec', '--stdin', toolbox, '--', 'sluice', 'whoami'], token);
}

function writeValues(name: string, values: object): string {
  const file = join(FOLDER, `${name}.json`);
  writeFileSync(file, JSON.stringify(values, null, 2), { mode: 0o600 });
  return file;
}

interface Proving
  extends Pick<Task, 'options' | 'teller'>, Pick<ClusterProof, 'chart' | 'kubectl'> {
  readonly values: object;
}

function proveThrough(
  reach: Reach,
  servers: Servers,
  { chart, values, kubectl, options: { perSecond, brief }, teller }: Proving,
): Promise<readonly string[]> {
  return prove({
    run: runFileOf(reach, servers, RELEASE),
    chart,
    otherValues: writeValues('other-values', { ...values, settings: { LOG_LEVEL: 'warn' } }),
    kubectl,
    release: RELEASE,
    folder: FOLDER,
    perSecond,
    brief,
    teller,
  });
}

async function refuseWhereNothingCanRun(): Promise<void> {
  const { engine, imagePrefix } = clusterConfig();
  const missing = [...(await whatIsMissing(THIS_MACHINE))];
  const areThere = await runProgram(engine, ['image', 'inspect', ...imagesOf(imagePrefix)]).then(
    () => true,
    () => false,
  );
  if (!areThere)
    missing.push(`${engine} lacks an image of this version: npm run images makes them`);
  if (missing.length > 0)
    throw new CannotRunHere(
      `${missing.join('\n')}\nKUBECONFIG names a cluster that runs elsewhere (docs/deployment.md)`,
    );
}

interface Provided {
  readonly kubectl: Kubectl;
  /** Address of this machine for pods. */
  readonly host: string;
  readonly own: OwnCluster | null;
}

async function provideCluster(teller: Teller, guard: ProcessGuard, down: Down): Promise<Provided> {
  const { kubeconfig, host, imagePrefix, engine } = clusterConfig();
  if (kubeconfig !== '') {
    if (host === '' || imagePrefix === '')
      throw new SetupError(
        'KUBECONFIG requires CLUSTER_HOST, the address of this machine for pods, and IMAGE_PREFIX, the source of images',
      );
    teller.say(`the cluster of ${kubeconfig} is used`);
    return { kubectl: new Kubectl('kubectl', kubeconfig, NAMESPACE), host, own: null };
  }
  teller.say('starting a cluster; missing programs are built first');
  const own = await teller.during(
    `a cluster of one node runs: Kubernetes ${KUBERNETES_VERSION}, CoreDNS, etcd, containerd and runc`,
    () => OwnCluster.start(join(FOLDER, 'node'), guard, engine),
  );
  down.push({ what: 'the cluster ended', work: () => own.stop() });
  return { kubectl: own.kubectl(NAMESPACE), host: own.host, own };
}

/** Creates the namespace with all objects required by the chart. */
async function prepareNamespace(
  kubectl: Kubectl,
  {
    servers,
    environments,
    teller,
    down,
  }: {
    readonly servers: Servers;
    readonly environments: Readonly<Record<ServiceName, Environment>>;
    readonly teller: Teller;
    readonly down: Down;
  },
): Promise<void> {
  await kubectl.run(['create', 'namespace', NAMESPACE]);
  down.push({
    what: 'the namespace deleted',
    work: async () =>
      void (await kubectl.run(['delete', 'namespace', NAMESPACE, '--timeout=180s'])),
  });
  const restricted = 'pod-security.kubernetes.io/enforce=restricted';
  await kubectl.run(['label', 'namespace', NAMESPACE, restricted]);
  const objects = await objectsToMake(servers, chartServices(), environments, RELEASE);
  await kubectl.apply(objects);
  teller.say(
    `the namespace ${NAMESPACE} is made, restricted, with ${objects.length} Secrets and ConfigMaps`,
  );
}

/** Version of the chart and of its images. */
function versionOfChart(): string {
  const chart = readFileSync(join(CHART, 'Chart.yaml'), 'utf8');
  return /^appVersion: *'?([^'\s]+)'?$/m.exec(chart)?.[1] ?? '';
}

/** Full names of the images of every service, of the simulator and of the command. */
function imagesOf(prefix: string): readonly string[] {
  const names = [...Object.keys(chartServices()), 'venue-simulator', 'cli'];
  return names.map((name) => `${prefix || 'localhost/'}sluice-${name}:${versionOfChart()}`);
}

/** Runs all clean-up steps; a failed step does not stop the others. */
async function takeDown(down: Down, teller: Teller): Promise<void> {
  for (const { what, work } of down.toReversed())
    await teller
      .during(what, work)
      .catch((error: unknown) =>
        teller.say(`not so: ${what}: ${error instanceof Error ? error.message : String(error)}`),
      );
}
