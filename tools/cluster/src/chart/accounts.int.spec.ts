import './gateio-treasury.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesSchemas, VERSIONS, findHelm, findSchemas } from './helm.js';
import { edgesOf, objectsOf, podsOf, type KubernetesObject } from './kubernetes-object.js';
import { settingsFaults } from './settings-faults.js';
import { everything, GROUPS, SERVICES } from './values.js';

const helm = findHelm();
const schemas = findSchemas();
const withHelm = helm ? describe : describe.skip;
const withSchemas = schemas !== null ? it : it.skip;
const ACCOUNT = 'connector-gateio-treasury';
const MONITORING = 'monitoring.serviceMonitor.enabled=true,monitoring.prometheusRule.enabled=true';

withHelm(
  'the chart with two accounts at Gate.io (with Helm: Go builds it, or HELM names it)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-chart-accounts-'));
    const values = join(folder, 'values.json');
    const ofAuditor = join(folder, 'auditor.json');
    let objects: readonly KubernetesObject[] = [];
    const rendered = (set: string, file = values): readonly KubernetesObject[] => {
      const answer = helm?.template(file, ['--set', set]);
      if (!answer?.ok) throw new Error(answer?.out ?? 'there is no Helm');
      return objectsOf(answer.out);
    };
    const textOf = (name: string, kind: string, all = objects): string =>
      JSON.stringify(all.filter((one) => one.kind === kind && one.metadata.name === name));

    beforeAll(() => {
      writeFileSync(values, JSON.stringify(everything()));
      objects = rendered(MONITORING);
    });

    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    it('is linted without a warning', () => {
      expect(helm?.lint(values)).toMatchObject({ ok: true });
    });

    describe.each(VERSIONS)('Kubernetes %s', (version) => {
      withSchemas('takes every object', () => {
        const known = new KubernetesSchemas(schemas ?? '', version);
        const own = objects.filter(
          ({ kind }) => !['ServiceMonitor', 'PrometheusRule'].includes(kind),
        );

        expect(own.flatMap((one) => known.faultsOf(one))).toEqual([]);
      });
    });

    it('installs each account under its own name, with the image of the program', () => {
      const kinds = ['Deployment', 'Service', 'ServiceAccount', 'HorizontalPodAutoscaler'];
      for (const kind of [...kinds, 'PodDisruptionBudget', 'NetworkPolicy', 'ServiceMonitor'])
        expect([kind, textOf(`pay-${ACCOUNT}`, kind)]).toEqual([
          kind,
          expect.stringContaining(`"app.kubernetes.io/name":"${ACCOUNT}"`),
        ]);
      const images = objects
        .filter(({ metadata }) => metadata.name.endsWith(ACCOUNT))
        .flatMap(podsOf)
        .flatMap(({ containers }) => containers.map(({ image }) => image.split(':')[0]));
      expect(images).toEqual(['sluice-connector-gateio', 'sluice-connector-gateio']);
      expect(textOf('pay-connector-gateio', 'Deployment')).toContain(
        '"image":"sluice-connector-gateio:',
      );
    });

    it('takes the digest of the program', () => {
      const digest = `sha256:${'a'.repeat(64)}`;
      const all = rendered(`image.digests.connector-gateio=${digest}`);

      for (const name of ['pay-connector-gateio', `pay-${ACCOUNT}`, `pay-migrate-${ACCOUNT}`])
        expect(JSON.stringify(all.filter(({ metadata }) => metadata.name === name))).toContain(
          `sluice-connector-gateio@${digest}`,
        );
    });

    it('migrates a database of its own with Secrets of its own', () => {
      const job = textOf(`pay-migrate-${ACCOUNT}`, 'Job');

      expect(job).toContain('{"name":"DATABASE_LOGIN","value":"connector_gateio_treasury"}');
      expect(job).toContain('"secretName":"sluice-connector-gateio-treasury-owner"');
      expect(textOf(`pay-${ACCOUNT}`, 'Deployment')).toContain(
        '"secretName":"sluice-connector-gateio-treasury"',
      );
    });

    it('gives the list of accounts to every program, and its account to the connector alone', () => {
      const given = (variable: string) =>
        objects.flatMap(({ kind, metadata, data }) =>
          kind === 'ConfigMap' && data?.[variable] !== undefined
            ? [`${metadata.name}: ${data[variable]}`]
            : [],
        );

      expect(given('VENUE_ACCOUNTS').toSorted()).toEqual(
        SERVICES.map((name) => `pay-${name}: gateio-treasury`).toSorted(),
      );
      expect(given('VENUE_ACCOUNT')).toEqual([`pay-${ACCOUNT}: gateio-treasury`]);
      const toolbox = rendered('toolbox.enabled=true');
      for (const [kind, name, all] of [
        ['Job', 'pay-topics', objects],
        ['Job', `pay-migrate-ledger`, objects],
        ['Deployment', 'pay-toolbox', toolbox],
      ] as const)
        expect(textOf(name, kind, all)).toContain(
          '{"name":"VENUE_ACCOUNTS","value":"gateio-treasury"}',
        );
      expect(textOf('pay-toolbox', 'ConfigMap', toolbox)).toContain('connector_gateio_treasury');
    });

    it('makes rights and a login at Kafka, and watches the account by its name', () => {
      const topics = textOf('pay-topics', 'Job');

      expect(topics).toContain(`${ACCOUNT}"`);
      expect(topics).toContain(
        String.raw`\"connector-gateio-treasury\":\"User:connector-gateio-treasury\"`,
      );
      expect(topics).toContain('"name":"sluice-connector-gateio-treasury","items"');
      expect(textOf(`pay-${ACCOUNT}`, 'ServiceMonitor')).toContain(`"replacement":"${ACCOUNT}"`);
    });

    it('lets the account connect as the other connectors of its venue', () => {
      const { ingress, egress } = edgesOf(objects, GROUPS);
      const of = (name: string): readonly string[] =>
        [...ingress, ...egress]
          .filter((edge) => edge.split(' → ').includes(name))
          .map((edge) => edge.replace(name, 'it'));

      expect(of(ACCOUNT)).toEqual(of('connector-gateio'));
      expect(of(ACCOUNT)).toContain('it → venues');
    });

    it('gives each service what it starts with in production', () => {
      expect(settingsFaults(objects, folder)).toEqual(SERVICES.map((name) => [name, null]));
    });

    it('takes the list from the settings where the release names no account', () => {
      writeFileSync(ofAuditor, JSON.stringify({ ...everything(), connectors: [] }));
      const auditor = rendered(
        'installs=auditor,settings.VENUE_ACCOUNTS=gateio-treasury',
        ofAuditor,
      );

      expect(textOf('pay-auditor', 'ConfigMap', auditor)).toContain(
        '"VENUE_ACCOUNTS":"gateio-treasury"',
      );
      expect(textOf('pay-migrate-auditor', 'Job', auditor)).toContain(
        '{"name":"VENUE_ACCOUNTS","value":"gateio-treasury"}',
      );
    });

    describe('is refused with a sentence', () => {
      const last = 'connectors[5]';
      it.each([
        [
          'an account twice',
          'connectors[0].account=gateio-treasury',
          'connectors has gateio-treasury twice',
        ],
        [
          'an account of another venue',
          `${last}.venue=bybit`,
          'the account gateio-treasury does not belong to bybit',
        ],
        [
          'an account of no venue',
          `${last}.venue=krake`,
          'connectors has the account gateio-treasury of krake',
        ],
        [
          'an account of the wallet',
          `${last}.venue=wallet,${last}.account=wallet-two`,
          'and not for wallet',
        ],
        ['an account without a suffix', `${last}.account=gateio`, "at '/connectors/5/account'"],
        ['a long suffix', `${last}.account=gateio-aaaaaaaaaaaaaaaaa`, "at '/connectors/5/account'"],
        [
          'an account without its key',
          `${last}.env.GATEIO_API_KEY=`,
          'the connector of gateio-treasury needs env.GATEIO_API_KEY',
        ],
        [
          'names that are too long',
          'fullnameOverride=a-very-long-name-of-an-installation',
          'has more than 63 characters',
        ],
        [
          'simulators',
          'simulators.enabled=true,mode=development',
          'simulators.enabled excludes the account gateio-treasury',
        ],
        [
          'the list a second time',
          'settings.VENUE_ACCOUNTS=gateio-treasury',
          'VENUE_ACCOUNTS of auditor is for the chart to say',
        ],
      ])('%s', (_what, set, sentence) => {
        expect(helm?.template(values, ['--set', set])).toMatchObject({
          ok: false,
          out: expect.stringContaining(sentence) as string,
        });
      });
    });
  },
);
