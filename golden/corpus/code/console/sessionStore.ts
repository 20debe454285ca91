/** Keeps the signed-in person's session in memory and renews it before it runs out. */

export interface Session {
  readonly personId: string;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export type Renew = (old: Session) => Promise<Session>;
type Listener = (session: Session | null) => void;

/** Renewal starts this long before the end, so that a slow network does not sign people out. */
const RENEW_EARLY_MS = 90_000;

export class SessionStore {
  private current: Session | null = null;
  private pending: Promise<Session> | null = null;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly renew: Renew,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Never written to local storage: a shared computer in the honey house is the normal
   * case, and closing the tab has to be enough to sign out.
   */
  signIn(session: Session): void {
    this.current = session;
    this.announce();
  }

  signOut(): void {
    this.current = null;
    this.pending = null;
    this.announce();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => this.listeners.delete(listener);
  }

  /** A token that is good for at least a while; many callers at once share one renewal. */
  async token(): Promise<string> {
    const session = this.current;
    if (session === null) {
      throw new Error("nobody is signed in");
    }
    if (session.expiresAt - this.now() > RENEW_EARLY_MS) {
      return session.token;
    }
    this.pending ??= this.renew(session).finally(() => {
      this.pending = null;
    });
    try {
      const fresh = await this.pending;
      // Somebody may have signed out while the request was under way.
      if (this.current !== null) {
        this.current = fresh;
        this.announce();
      }
      return fresh.token;
    } catch (error) {
      if (session.expiresAt > this.now()) {
        return session.token;
      }
      this.signOut();
      throw error;
    }
  }

  private announce(): void {
    for (const listener of this.listeners) {
      listener(this.current);
    }
  }
}
