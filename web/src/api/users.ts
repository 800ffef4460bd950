import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { get } from "./client";
import type { Page, User } from "./types";

export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: () => get<Page<User>>("users", { perpage: 100 }), staleTime: 60000 });
}

/// From an id of a user to the name; the id itself when it is of nobody known.
export function useUserNames(): (id: string) => string {
  const users = useUsers().data?.results;
  return useCallback((id) => users?.find((user) => user.id === id)?.username ?? id, [users]);
}
