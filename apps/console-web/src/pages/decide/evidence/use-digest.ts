import { useQuery } from '@tanstack/react-query';

interface ComputedDigest {
  /** Computed in this browser; null while it is computed. */
  readonly digest: string | null;
  readonly isEqual: boolean;
}

/** Computes a digest of displayed content, and compares it with that of the service. */
export function useDigest(
  content: readonly string[],
  compute: () => Promise<string>,
  stated: string,
): ComputedDigest {
  const { data = null } = useQuery({
    queryKey: ['digest', ...content] as const,
    queryFn: compute,
    staleTime: Infinity,
    refetchInterval: false,
  });
  return { digest: data, isEqual: data !== null && data === stated };
}
