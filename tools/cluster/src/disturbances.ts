import { until } from '@sluice/test-servers';
import type { ServiceName } from '@sluice/stack';
import type { Kubectl } from './programs/kubectl.js';

const LONGEST_MS = 300_000;
const LONGEST = `${LONGEST_MS / 1_000}s`;

/** Runs `kubectl rollout restart` and waits for the end. */
export async function roll(kubectl: Kubectl, release: string, name: ServiceName): Promise<void> {
  const deployment = `deployment/${release}-${name}`;
  await kubectl.run(['rollout', 'restart', deployment]);
  await kubectl.run(['rollout', 'status', deployment, `--timeout=${LONGEST}`]);
}

/**
 * Force-deletes a pod of each service at the same moment, without a grace period. Resolves with the
 * pod names after as many pods as before are ready again.
 */
export async function deleteByForce(
  kubectl: Kubectl,
  names: readonly ServiceName[],
): Promise<readonly string[]> {
  const before = await Promise.all(names.map((name) => kubectl.pods(name)));
  const victims = before.flatMap(([first]) => (first ? [first.name] : []));
  await kubectl.run(['delete', 'pod', '--grace-period=0', '--force', '--wait=false', ...victims]);
  await until(
    `not as many pods are ready as there were`,
    async () => {
      for (const [index, name] of names.entries()) {
        const alive = (await kubectl.pods(name)).filter((pod) => !victims.includes(pod.name));
        const ready = alive.filter((pod) => pod.ready).length;
        if (ready < (before[index]?.length ?? 0)) throw new Error(`${name} has ${ready}`);
      }
    },
    LONGEST_MS,
    500,
  );
  return victims;
}
