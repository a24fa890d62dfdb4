/**
 * Code blocks in README and docs not run by any test: the page, the start of the first line, and
 * the reason.
 */
interface BlocksNotRun {
  readonly page: string;
  /** Start of the first line. Empty: every block of the page not run otherwise. */
  readonly begins: string;
  readonly because: string;
}

const STARTS_ALL =
  'starts what the test would have to be outside of; its stages and tools/stack test it';
const NEEDS_ENGINE =
  'needs a container engine; tests of tools/stack and tools/build compare the inputs and outputs';

export const BLOCKS_NOT_RUN: readonly BlocksNotRun[] = [
  {
    page: 'docs/operations/monitoring.md',
    begins: 'monitoring:',
    because: 'rendered by tools/cluster, with values of its own',
  },
  { page: 'README.md', begins: 'npm start', because: STARTS_ALL },
  { page: 'README.md', begins: 'npm test', because: STARTS_ALL },
  {
    page: 'docs/deployment.md',
    begins: 'export KAFKA_BROKERS',
    because: 'needs servers of your own; the variables are tested by tools/stack',
  },
  {
    page: 'docs/client.md',
    begins: 'npm run build && npm pack',
    because: 'tools/examples packs and installs the same tarball',
  },
  {
    page: 'docs/consumers.md',
    begins: 'npm run build && npm pack',
    because: 'tools/examples packs and installs the same tarball',
  },
  { page: 'docs/deployment.md', begins: 'npm run images ', because: NEEDS_ENGINE },
  {
    page: 'docs/deployment.md',
    begins: 'node tools/stack/compose/write-env.mjs',
    because: NEEDS_ENGINE,
  },
  { page: 'docs/deployment.md', begins: 'docker ', because: NEEDS_ENGINE },
  {
    page: 'docs/deployment.md',
    begins: 'cosign verify',
    because: 'needs published images',
  },
  {
    page: 'docs/deployment.md',
    begins: 'helm upgrade',
    because: 'needs a cluster; npm run cluster does it',
  },
  {
    page: 'docs/deployment.md',
    begins: 'console:',
    because: 'rendered by tools/cluster, with values of its own',
  },
  {
    page: 'docs/deployment.md',
    begins: 'connectors:',
    because: 'rendered by tools/cluster, with values of its own',
  },
  {
    page: 'docs/deployment.md',
    begins: 'places:',
    because: 'rendered by tools/cluster, with values of its own',
  },
  {
    page: 'docs/operations/kubernetes.md',
    begins: 'podSecurityContext:',
    because: 'rendered by tools/cluster, with values of its own',
  },
  {
    page: 'docs/operations/kubernetes.md',
    begins: 'kubectl --namespace sluice exec',
    because: 'needs a cluster; tools/cluster renders the pod and its run file',
  },
  {
    page: 'docs/deployment.md',
    begins: '# our-values.yaml',
    because: 'rendered by tools/cluster, with values of its own',
  },
  {
    page: 'docs/deployment.md',
    begins: 'npm run images && npm run cluster',
    because: 'needs root and minutes; it is a command of its own',
  },
  {
    page: 'docs/events.md',
    begins: 'import json',
    because: 'needs librdkafka; tools/examples compiles it',
  },
  {
    page: 'docs/operations/people-and-logins.md',
    begins: 'node -e "const { privateKey }',
    because: 'leaves a key behind; keys of this form are made by libs/test-servers',
  },
  {
    page: 'docs/operations/people-and-logins.md',
    begins: 'CREATE ROLE ledger_owner',
    because: 'for a server of yours; libs/test-servers makes the same roles',
  },
  {
    page: 'docs/operations/people-and-logins.md',
    begins: 'SET sluice.account',
    because: 'for a session of psql; the integration tests of account rows set accounts so',
  },
  {
    page: 'docs/operations/backup-and-restore.md',
    begins: '# postgresql.conf',
    because: 'for a server of yours; npm run drill -- restore does it',
  },
  {
    page: 'docs/operator.md',
    begins: 'sluice',
    because: 'tools/cli parses each line, and tests each command with answers of services',
  },
  {
    page: 'docs/simulators.md',
    begins: '',
    because:
      'starts a program that does not end, and asks it; apps/venue-simulator tests these requests',
  },
];
