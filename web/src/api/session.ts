// Who is signed in.
import { QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { ask, get, post, Refusal, keepCsrfToken } from "./client";
import type { Role, Session, User } from "./types";

/// The session, or null when nobody is signed in.
async function currentSession(): Promise<Session | null> {
  try {
    const session = await get<Session>("session");
    keepCsrfToken(session.csrf_token);
    return session;
  } catch (error) {
    if (error instanceof Refusal && (error.status === 403 || error.status === 401)) return null;
    throw error;
  }
}

export function useSession() {
  return useQuery({ queryKey: ["session"], queryFn: currentSession, staleTime: Infinity, retry: 2 });
}

export function useSignIn() {
  const client = useQueryClient();
  return (session: Session) => {
    keepCsrfToken(session.csrf_token);
    client.setQueryData(["session"], session);
  };
}

export async function signOut(client: QueryClient) {
  await ask("DELETE", "session").catch(() => {});
  forget(client);
}

/// Nothing of the last user stays in memory.
export function forget(client: QueryClient) {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
  client.setQueryData(["session"], null);
}

export const signIn = (username: string, password: string) => post<Session>("session", { username, password });

export const Me = createContext<User | null>(null);

export function useMe(): User {
  const me = useContext(Me);
  if (!me) throw new Error("nobody is signed in");
  return me;
}

const ranks: Record<Role, number> = { none: 0, viewer: 1, editor: 2, admin: 3 };

/// Has the user at least this role? The server decides; this only hides what it would refuse.
export function useMay(role: Role): boolean {
  return ranks[useMe().role] >= ranks[role];
}
