/** Something that can say why it must not get work now. An empty answer means ready. */
export type ReadinessCheck = () => Promise<readonly string[]> | readonly string[];

const CHECK_TIMEOUT_MS = 2_000;

/** Collects what every part of a service says about its readiness. */
export class Health {
  private readonly checks: ReadinessCheck[] = [];
  private isDraining = false;

  add(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** From now on the service is not ready, whatever the checks say. */
  drain(): void {
    this.isDraining = true;
  }

  get draining(): boolean {
    return this.isDraining;
  }

  async faults(): Promise<string[]> {
    if (this.isDraining) return ['shutting down'];
    const answers = await Promise.all(this.checks.map((check) => inTime(check)));
    return answers.flat();
  }
}

async function inTime(check: ReadinessCheck): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve(['a readiness check did not answer in time']), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([Promise.resolve(check()), late]);
  } catch (error) {
    return [(error as Error).message];
  } finally {
    clearTimeout(timer);
  }
}
