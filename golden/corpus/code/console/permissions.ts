/** Who may do what in an apiary. The server checks again; this only hides buttons. */

export type Role = "owner" | "keeper" | "helper" | "guest";

export type Action =
  | "view-charts"
  | "acknowledge-alarm"
  | "edit-hive"
  | "delete-hive"
  | "invite"
  | "change-plan"
  | "export-data";

const GRANTS: Record<Role, ReadonlySet<Action>> = {
  owner: new Set<Action>([
    "view-charts",
    "acknowledge-alarm",
    "edit-hive",
    "delete-hive",
    "invite",
    "change-plan",
    "export-data",
  ]),
  keeper: new Set<Action>(["view-charts", "acknowledge-alarm", "edit-hive", "export-data"]),
  helper: new Set<Action>(["view-charts", "acknowledge-alarm"]),
  guest: new Set<Action>(["view-charts"]),
};

export interface Membership {
  readonly apiaryId: string;
  readonly role: Role;
  /** Milliseconds since the epoch; undefined means without end. */
  readonly until?: number;
}

export class Refused extends Error {
  constructor(
    readonly action: Action,
    readonly apiaryId: string,
  ) {
    super(`You may not ${action.replace("-", " ")} here. Ask the owner of the apiary.`);
  }
}

/** The strongest role that is still valid, or null for strangers. */
export function roleIn(memberships: readonly Membership[], apiaryId: string, now: number): Role | null {
  const order: Role[] = ["owner", "keeper", "helper", "guest"];
  const valid = memberships
    .filter((m) => m.apiaryId === apiaryId)
    .filter((m) => m.until === undefined || m.until > now)
    .map((m) => m.role);
  return order.find((role) => valid.includes(role)) ?? null;
}

export function may(memberships: readonly Membership[], apiaryId: string, action: Action, now: number): boolean {
  const role = roleIn(memberships, apiaryId, now);
  return role !== null && GRANTS[role].has(action);
}

/** Throws instead of returning false: for use at the start of handlers. */
export function demand(memberships: readonly Membership[], apiaryId: string, action: Action, now: number): void {
  if (!may(memberships, apiaryId, action, now)) {
    throw new Refused(action, apiaryId);
  }
}

/** An invitation may never hand out more than its author holds, and never ownership. */
export function invitable(author: Role): Role[] {
  return author === "owner" ? ["keeper", "helper", "guest"] : [];
}
