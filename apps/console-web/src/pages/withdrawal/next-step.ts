/** A cause of waiting, split from the next step that the service names. */
interface WaitingCause {
  readonly cause: string;
  /** Command of the next step; null if the service names none. */
  readonly command: string | null;
  /** Page of the documentation, below the repository's root. */
  readonly page: string | null;
}

const STEP = /^(.*) \(next: (.+); (docs\/\S+)\)$/s;

/** Splits `cause (next: command; page)`; `number` replaces the N of the command. */
export function waitingCause(text: string, number: string): WaitingCause {
  const [, cause, command, page] = STEP.exec(text) ?? [];
  if (cause === undefined || command === undefined || page === undefined)
    return { cause: text, command: null, page: null };
  return { cause, command: command.replace(/(?<=\s)N(?=\s|$)/, number), page };
}
