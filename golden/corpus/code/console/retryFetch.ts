/** fetch() with patience: retries what is worth retrying and gives up on the rest. */

export interface RetryOptions {
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

const DEFAULTS: RetryOptions = {
  attempts: 4,
  baseMs: 300,
  capMs: 8_000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

const WORTH_RETRYING = new Set([408, 425, 429, 502, 503, 504]);

export class GaveUp extends Error {
  constructor(
    readonly url: string,
    readonly attempts: number,
    readonly lastStatus: number | null,
  ) {
    super(`No answer from ${url} after ${attempts} attempts`);
  }
}

/** Full jitter: anything between zero and the doubled pause, never above the cap. */
export function pauseFor(attempt: number, options: RetryOptions): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** attempt);
  return Math.floor(options.random() * ceiling);
}

/** Seconds or an HTTP date, as servers send them; null when there is nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) {
    return null;
  }
  const seconds = Number(header);
  if (Number.isFinite(seconds)) {
    return Math.max(0, seconds * 1000);
  }
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Only methods that can be repeated without harm are retried. A POST goes out once, unless
 * it carries an Idempotency-Key, in which case the server sorts out the repeats.
 */
export async function retryFetch(
  url: string,
  init: RequestInit = {},
  overrides: Partial<RetryOptions> = {},
): Promise<Response> {
  const options = { ...DEFAULTS, ...overrides };
  const method = (init.method ?? "GET").toUpperCase();
  const keyed = new Headers(init.headers).has("Idempotency-Key");
  const repeatable = method === "GET" || method === "HEAD" || method === "PUT" || keyed;
  let lastStatus: number | null = null;
  for (let attempt = 0; attempt < (repeatable ? options.attempts : 1); attempt += 1) {
    try {
      const response = await fetch(url, init);
      if (!WORTH_RETRYING.has(response.status)) {
        return response;
      }
      lastStatus = response.status;
      const told = retryAfterMs(response.headers.get("Retry-After"), Date.now());
      await options.sleep(told ?? pauseFor(attempt, options));
    } catch (error) {
      if (init.signal?.aborted) {
        throw error;
      }
      await options.sleep(pauseFor(attempt, options));
    }
  }
  throw new GaveUp(url, options.attempts, lastStatus);
}
